package dev.wxphone.demo;

import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Traffic;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.runtime.PhoneStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays simulated traffic on a cluster, shows how it is answered, and checks the answers. */
public final class Demo {
  /** Terminal rows that the live view needs, including the cursor's below it. */
  public static final int LIVE_ROWS = LiveView.ROWS + 1;

  /** Terminal columns that the live view needs. */
  public static final int LIVE_COLUMNS = LiveView.COLUMNS;

  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** The time in which a payload must be answered, beyond its waiting for a session key. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** The time in which records that are already sent reach the broker. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  /** How long {@link #stop} waits for the last lines. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(50);

  private final Settings settings;
  private final PhoneStream stream;
  private final PrintWriter out;
  private final DemoDisplay display;
  private final NewestAnswers newest;
  private final Rate rate = new Rate();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean playing;
  private volatile boolean stopRequested;

  /** Creates a demo that prints lines; the stream is running, and its topics exist. */
  public static Demo inLines(Settings settings, PhoneStream stream, PrintWriter out) {
    return new Demo(settings, stream, out, new DemoDisplay.Lines(out));
  }

  /**
   * Creates a demo with a live view; the stream is running, and its topics exist.
   *
   * @param page the address of the stream's page
   * @param nextSteps lines with commands for another terminal; the first 3 are shown
   */
  public static Demo live(
      Settings settings,
      PhoneStream stream,
      PrintWriter out,
      TextStyle style,
      String page,
      List<String> nextSteps) {
    return new Demo(
        settings, stream, out, new DemoDisplay.Screen(out, new LiveView(style, page, nextSteps)));
  }

  private Demo(Settings settings, PhoneStream stream, PrintWriter out, DemoDisplay display) {
    this.settings = settings;
    this.stream = stream;
    this.out = out;
    this.display = display;
    this.newest =
        new NewestAnswers(settings.topics().userProfile(), settings.topics().deadLetter());
  }

  /** How a demo ended. */
  public enum Outcome {
    /** The books balance, and the answers are the expected ones as far as they are known. */
    AS_EXPECTED,
    /** The books don't balance, or answers differ from the expected ones. */
    UNEXPECTED,
    /** {@link #stop} came before every payload was answered. */
    STOPPED
  }

  /**
   * Plays the payloads, and returns when each is answered and the books are printed, or after
   * {@link #stop}. May be called once.
   *
   * @throws OperatorException if the stream does not start
   */
  public Outcome play(Simulator simulator, long payloads, double perSecond)
      throws InterruptedException {
    try {
      if (stream.awaitRunning(START_TIMEOUT)) {
        return playOnRunningStream(simulator, payloads, perSecond);
      }
      if (stopRequested) {
        return Outcome.STOPPED;
      }
      stream.awaitEnd();
      throw OperatorException.failed("the stream did not start within 60 s; see the log");
    } finally {
      finished.countDown();
    }
  }

  /**
   * Stops the demo from another thread, and returns when its last state is shown. To be called
   * before the stream is closed: closing drops what waits, and the counts shown would be wrong.
   */
  public void stop() {
    stopRequested = true;
    if (!playing && finished.getCount() > 0) {
      out.printf("%nEnded before anything was published.%n");
      out.flush();
      return;
    }
    try {
      if (!finished.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the last state of the demo was not shown within {}", STOP_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the newest dead letter; empty before the first one. */
  public Optional<DeadLetterId> newestDeadLetter() {
    return Optional.ofNullable(newest.deadLetterId());
  }

  private Outcome playOnRunningStream(Simulator simulator, long payloads, double perSecond)
      throws InterruptedException {
    playing = true;
    if (stopRequested) {
      return Outcome.STOPPED;
    }
    KafkaProperties properties = new KafkaProperties(settings);
    try (BookKeeper keeper =
        BookKeeper.fromNow(new KafkaConsumer<>(properties.ofReader()), settings.topics())) {
      Traffic traffic = new Traffic(properties, settings.topics(), simulator, payloads, perSecond);
      CompletableFuture<Void> published = traffic.publishInBackground();
      long start = System.nanoTime();
      if (!follow(traffic, keeper, published, start)) {
        traffic.stop();
        readUntilPublished(keeper, published);
        showStopped(snapshot(traffic, keeper.books(), start), payloads);
        return Outcome.STOPPED;
      }
      Books books = keeper.readToEnd();
      display.showBooks(snapshot(traffic, books, start));
      return showVerdict(books, traffic) ? Outcome.AS_EXPECTED : Outcome.UNEXPECTED;
    }
  }

  /**
   * Shows the progress until all is published and answered, or should be; returns false if the demo
   * is stopped before.
   */
  private boolean follow(
      Traffic traffic, BookKeeper keeper, CompletableFuture<Void> published, long start)
      throws InterruptedException {
    long nextSnapshot = start;
    long deadline = Long.MAX_VALUE;
    while (System.nanoTime() < deadline) {
      keeper.read(POLL_TIMEOUT, newest::update);
      boolean allPublished = published.isDone();
      if (allPublished && deadline == Long.MAX_VALUE) {
        rethrow(published);
        deadline = System.nanoTime() + settings.sessionWait().plus(ANSWER_TIMEOUT).toNanos();
      }
      DemoSnapshot snapshot = snapshot(traffic, keeper.books(), start);
      boolean allAnswered = allPublished && snapshot.unanswered() == 0;
      if (stopRequested && !allAnswered) {
        return false;
      }
      if (System.nanoTime() >= nextSnapshot || allAnswered) {
        display.showProgress(snapshot);
        nextSnapshot += display.interval().toNanos();
      }
      if (allAnswered) {
        return true;
      }
    }
    return true;
  }

  private static void rethrow(CompletableFuture<Void> published) throws InterruptedException {
    try {
      published.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private void readUntilPublished(BookKeeper keeper, CompletableFuture<Void> published) {
    long deadline = System.nanoTime() + FLUSH_TIMEOUT.toNanos();
    do {
      keeper.read(POLL_TIMEOUT, newest::update);
    } while (!published.isDone() && System.nanoTime() < deadline);
  }

  private DemoSnapshot snapshot(Traffic traffic, Books books, long start) {
    long now = System.nanoTime();
    return new DemoSnapshot(
        settings.bootstrapServers().orElse(""),
        TimeUnit.NANOSECONDS.toSeconds(now - start),
        traffic.published(),
        rate.update(now, traffic.published()),
        books,
        stream.counts(),
        newest.profile(),
        newest.deadLetter());
  }

  private void showStopped(DemoSnapshot last, long payloads) {
    display.showStopped(last);
    out.printf(
        Locale.ROOT,
        "%nEnded: %,d of %,d published, %,d of them not answered yet.%n",
        last.published(),
        payloads,
        last.unanswered());
    out.flush();
  }

  /** Prints whether the books balance and match the expected answers, and returns it. */
  private boolean showVerdict(Books books, Traffic traffic) {
    out.println();
    out.println(BooksReport.verdict(books));
    boolean asExpected = books.balance();
    if (asExpected) {
      ExpectedAnswers.Comparison comparison =
          ExpectedAnswers.compare(
              settings, books, traffic.published(), traffic.expectedDeadLetters());
      comparison.lines().forEach(out::println);
      asExpected = comparison.matches();
    }
    out.flush();
    return asExpected;
  }
}
