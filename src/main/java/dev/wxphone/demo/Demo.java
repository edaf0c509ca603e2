package dev.wxphone.demo;

import dev.wxphone.cli.BooksReport;
import dev.wxphone.core.books.BookKeeper;
import dev.wxphone.core.books.Books;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Traffic;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
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

/** Plays traffic on a cluster, answers it, and tells the story of it in lines. */
public final class Demo {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

  private static final Duration LINE_EVERY = Duration.ofSeconds(1);
  private static final Duration FRAME_EVERY = Duration.ofMillis(250);
  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(60);

  /** What is left to a payload beyond its waiting, until it must have its answer. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** What is on its way to the broker has come there by then. */
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(2);

  /** So long the end of the program waits for the last words. */
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

  private final Settings settings;
  private final PhoneStream stream;
  private final PrintWriter out;
  private final Telling telling;
  private final NewestAnswers newest;
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean playing;
  private volatile boolean ending;

  /** Rows that the live view needs, the cursor's below it among them. */
  public static final int LIVE_ROWS = LiveView.ROWS + 1;

  /** Columns that the live view needs. */
  public static final int LIVE_COLUMNS = LiveView.COLUMNS;

  /** A demo of a stream that is running, on topics that exist, told in plain lines. */
  public static Demo inLines(Settings settings, PhoneStream stream, PrintWriter out) {
    return new Demo(settings, stream, out, new Lines(out));
  }

  /**
   * A demo of a stream that is running, on topics that exist, shown as a live view.
   *
   * @param further rows of commands that look further, from another terminal; 3 at the most
   */
  public static Demo live(
      Settings settings,
      PhoneStream stream,
      PrintWriter out,
      TextStyle paint,
      List<String> further) {
    return new Demo(settings, stream, out, new Screen(out, new LiveView(paint, further)));
  }

  private Demo(Settings settings, PhoneStream stream, PrintWriter out, Telling telling) {
    this.settings = settings;
    this.stream = stream;
    this.out = out;
    this.telling = telling;
    this.newest =
        new NewestAnswers(settings.topics().userProfile(), settings.topics().deadLetter());
  }

  /** How the story is told while it goes on. */
  interface Telling {
    /** How long a moment is worth a look. */
    Duration every();

    void tell(LiveView.Moment now);

    /** Tells how far it came, where it ends before all is answered. */
    void tellStopped(LiveView.Moment end);

    /** Tells what has come of it all. */
    void tellBooks(LiveView.Moment end);
  }

  private record Lines(PrintWriter out) implements Telling {
    @Override
    public Duration every() {
      return LINE_EVERY;
    }

    @Override
    public void tell(LiveView.Moment now) {
      out.printf(
          Locale.ROOT,
          "%3d s   published %,6d   profiles %,6d   dead letters %,5d   waiting %,5d%n",
          now.seconds(),
          now.published(),
          now.books().profiles(),
          now.books().allDeadLetters(),
          now.counts().waitingPayloads());
      out.flush();
    }

    @Override
    public void tellStopped(LiveView.Moment end) {
      // The terminal has shown a ^C where the next line would begin.
      out.println();
      tell(end);
    }

    @Override
    public void tellBooks(LiveView.Moment end) {
      out.printf(Locale.ROOT, "%nThe books, read back from the topics%n%n");
      BooksReport.text(end.books()).forEach(out::println);
      out.printf(
          Locale.ROOT, "%nProfiles that a plain join with the newest key would have missed%n%n");
      for (Recovered how : Recovered.values()) {
        out.println(BooksReport.row(LiveView.name(how), end.counts().recovered(how)));
      }
    }
  }

  private record Screen(PrintWriter out, LiveView view) implements Telling {
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    @Override
    public Duration every() {
      return FRAME_EVERY;
    }

    @Override
    public void tell(LiveView.Moment now) {
      paint(now.seconds() == 0 ? HOME + REST_OF_SCREEN : HOME, view.lines(now));
    }

    @Override
    public void tellStopped(LiveView.Moment end) {
      paint(HOME, view.stopped(end));
    }

    @Override
    public void tellBooks(LiveView.Moment end) {
      paint(HOME, view.last(end));
    }

    private void paint(String before, List<String> lines) {
      StringBuilder frame = new StringBuilder(before);
      for (String line : lines) {
        frame.append(line).append(REST_OF_LINE).append('\n');
      }
      out.print(frame.append(REST_OF_SCREEN));
      out.flush();
    }
  }

  /** How it ended. */
  public enum Outcome {
    /** The books balance and hold what was played, as far as anybody can know it. */
    RIGHT,
    /** They don't. */
    WRONG,
    /** {@link #end} came before they were told. */
    ENDED
  }

  /**
   * Plays so many payloads of these users, and returns when each is answered and the books are
   * printed, or when it is ended. Once only.
   */
  public Outcome play(Simulator simulator, long payloads, double perSecond)
      throws InterruptedException {
    try {
      if (stream.awaitRunning(RUNNING_WITHIN)) {
        return playOnRunning(simulator, payloads, perSecond);
      }
      if (ending) {
        return Outcome.ENDED;
      }
      stream.awaitEnd();
      throw OperatorException.failed("the stream did not start within 60 s; see the log");
    } finally {
      told.countDown();
    }
  }

  /**
   * Ends the playing before all is answered, from another thread, and returns when it is told how
   * far it came. To be called while the stream still runs: as that closes, nobody waits any longer,
   * and what is told then is not so.
   */
  public void end() {
    ending = true;
    if (!playing && told.getCount() > 0) {
      out.printf("%nEnded before anything was published.%n");
      out.flush();
      return;
    }
    try {
      if (!told.await(TOLD_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the demo could not tell how far it came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome playOnRunning(Simulator simulator, long payloads, double perSecond)
      throws InterruptedException {
    playing = true;
    if (ending) {
      return Outcome.ENDED;
    }
    KafkaProperties properties = new KafkaProperties(settings);
    try (BookKeeper keeper =
        BookKeeper.fromNow(new KafkaConsumer<>(properties.ofReader()), settings.topics())) {
      Traffic traffic = new Traffic(properties, settings.topics(), simulator, payloads, perSecond);
      CompletableFuture<Void> all = traffic.publishInBackground();
      Rate pace = new Rate();
      long start = System.nanoTime();
      if (!follow(traffic, keeper, all, pace, start)) {
        stop(traffic, keeper, all);
        tellStopped(moment(traffic, keeper.books(), pace, start), payloads);
        return Outcome.ENDED;
      }
      Books books = keeper.readToEnd();
      telling.tellBooks(moment(traffic, books, pace, start));
      return tellVerdict(books, traffic) ? Outcome.RIGHT : Outcome.WRONG;
    }
  }

  /**
   * Tells the story until all is published and answered, or should be; false where it is ended
   * before.
   */
  private boolean follow(
      Traffic traffic, BookKeeper keeper, CompletableFuture<Void> published, Rate pace, long start)
      throws InterruptedException {
    long nextLook = start;
    long end = Long.MAX_VALUE;
    while (System.nanoTime() < end) {
      keeper.read(Duration.ofMillis(50), newest::see);
      boolean done = published.isDone();
      if (done && end == Long.MAX_VALUE) {
        rethrow(published);
        end = System.nanoTime() + settings.sessionWait().plus(GRACE).toNanos();
      }
      LiveView.Moment now = moment(traffic, keeper.books(), pace, start);
      boolean all = done && now.unanswered() == 0;
      if (ending && !all) {
        return false;
      }
      if (System.nanoTime() >= nextLook || all) {
        telling.tell(now);
        nextLook += telling.every().toNanos();
      }
      if (all) {
        return true;
      }
    }
    return true;
  }

  /** Lets nothing more be published, and reads on until what is on its way has come. */
  private void stop(Traffic traffic, BookKeeper keeper, CompletableFuture<Void> published) {
    traffic.stop();
    long giveUp = System.nanoTime() + STOPPED_WITHIN.toNanos();
    do {
      keeper.read(Duration.ofMillis(50), newest::see);
    } while (!published.isDone() && System.nanoTime() < giveUp);
  }

  private void tellStopped(LiveView.Moment end, long payloads) {
    telling.tellStopped(end);
    out.printf(
        Locale.ROOT,
        "%nEnded: %,d of %,d published, %,d of them not answered yet.%n",
        end.published(),
        payloads,
        end.unanswered());
    out.flush();
  }

  private LiveView.Moment moment(Traffic traffic, Books books, Rate pace, long start) {
    long now = System.nanoTime();
    return new LiveView.Moment(
        settings.bootstrapServers().orElse(""),
        (now - start) / 1_000_000_000,
        traffic.published(),
        pace.perSecond(now, traffic.published()),
        books,
        stream.counts(),
        newest.profile(),
        newest.letter());
  }

  /** A dead letter that has just come; empty where none has. */
  public Optional<DeadLetterId> newestLetter() {
    return Optional.ofNullable(newest.letterId());
  }

  private static void rethrow(CompletableFuture<Void> published) throws InterruptedException {
    try {
      published.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  /** Tells whether all is right, and returns it. */
  private boolean tellVerdict(Books books, Traffic traffic) {
    out.println();
    out.println(BooksReport.verdict(books));
    boolean right = books.balance();
    if (right) {
      ExpectedAnswers comparison =
          ExpectedAnswers.of(settings, books, traffic.published(), traffic.expectedLetters());
      comparison.lines().forEach(out::println);
      right = comparison.holds();
    }
    out.flush();
    return right;
  }
}
