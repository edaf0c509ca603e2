package dev.wxphone.demo;

import dev.wxphone.OperatorException;
import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.domain.Reason;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.runtime.PhoneStream;
import dev.wxphone.settings.Settings;
import dev.wxphone.topology.AnswerCounts;
import dev.wxphone.topology.AnswerCounts.Recovered;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Plays traffic on a cluster, answers it, and tells the story of it in lines. */
public final class Demo {
  private static final Duration LINE_EVERY = Duration.ofSeconds(1);
  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(60);

  /** What is left to a payload beyond its waiting, until it must have its answer. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Settings settings;
  private final PhoneStream stream;
  private final PrintWriter out;

  /** A demo of a stream that is running, on topics that exist. */
  public Demo(Settings settings, PhoneStream stream, PrintWriter out) {
    this.settings = settings;
    this.stream = stream;
    this.out = out;
  }

  /**
   * Plays so many payloads, and returns when each is answered and the books are printed.
   *
   * @return whether the books balance and hold what was played
   */
  public boolean play(long payloads, double perSecond, long seed) throws InterruptedException {
    if (!stream.awaitRunning(RUNNING_WITHIN)) {
      stream.awaitEnd();
      throw OperatorException.failed("the stream did not start within 60 s; see the log");
    }
    KafkaProperties properties = new KafkaProperties(settings);
    try (BookKeeper keeper =
        BookKeeper.fromNow(new KafkaConsumer<>(properties.ofReader()), settings.topics())) {
      Traffic traffic =
          new Traffic(properties, settings.topics(), new Simulator(seed), payloads, perSecond);
      CompletableFuture<Void> all = publishing(traffic);
      follow(traffic, keeper, all);
      Books books = keeper.readToEnd();
      print(books, traffic.expectedLetters());
      return books.balance() && asPlayed(books, traffic.expectedLetters());
    }
  }

  private static CompletableFuture<Void> publishing(Traffic traffic) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                traffic.publishAll();
                done.complete(null);
              } catch (InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "simulated-backends");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Prints a line a second until all is published and answered, or should be. */
  private void follow(Traffic traffic, BookKeeper keeper, CompletableFuture<Void> published)
      throws InterruptedException {
    long start = System.nanoTime();
    long nextLine = start;
    long end = Long.MAX_VALUE;
    while (System.nanoTime() < end) {
      keeper.read(Duration.ofMillis(100));
      Books books = keeper.books();
      boolean done = published.isDone();
      if (done && end == Long.MAX_VALUE) {
        rethrow(published);
        end = System.nanoTime() + settings.sessionWait().plus(GRACE).toNanos();
      }
      boolean all = done && books.payloads() - books.rerouted() >= traffic.published();
      if (System.nanoTime() >= nextLine || (all && books.unanswered() == 0)) {
        line((System.nanoTime() - start) / 1_000_000_000, traffic.published(), books);
        nextLine += LINE_EVERY.toNanos();
      }
      if (all && books.unanswered() == 0) {
        return;
      }
    }
  }

  private static void rethrow(CompletableFuture<Void> published) throws InterruptedException {
    try {
      published.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private void line(long seconds, long published, Books books) {
    out.printf(
        Locale.ROOT,
        "%3d s   published %,6d   profiles %,6d   dead letters %,5d   waiting %,5d%n",
        seconds,
        published,
        books.profiles(),
        books.allDeadLetters(),
        stream.counts().waitingPayloads());
    out.flush();
  }

  private void print(Books books, Map<Reason, Long> expected) {
    AnswerCounts counts = stream.counts();
    out.printf(Locale.ROOT, "%nThe books, read back from the topics%n%n");
    BooksReport.text(books).forEach(out::println);
    out.printf(
        Locale.ROOT, "%nProfiles that a plain join with the newest key would have missed%n%n");
    row("the session key came later", counts.recovered(Recovered.WAITED));
    row("an older session key was right", counts.recovered(Recovered.OLDER_KEY));
    row("text or iv mended", counts.recovered(Recovered.REPAIRED));
    row("published to a wrong partition", counts.recovered(Recovered.REROUTED));
    out.println();
    out.println(BooksReport.verdict(books));
    if (books.balance() && !asPlayed(books, expected)) {
      out.println("But not every answer is the one that was played: " + expected);
    }
    out.flush();
  }

  private void row(String name, long count) {
    out.println(BooksReport.row(name, count, ""));
  }

  private static boolean asPlayed(Books books, Map<Reason, Long> expected) {
    return books.deadLetters().equals(expected);
  }
}
