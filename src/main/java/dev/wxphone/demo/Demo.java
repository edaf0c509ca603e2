package dev.wxphone.demo;

import dev.wxphone.OperatorException;
import dev.wxphone.Paint;
import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.envelope.LetterId;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.runtime.PhoneStream;
import dev.wxphone.settings.Settings;
import dev.wxphone.topology.AnswerCounts.Recovered;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Plays traffic on a cluster, answers it, and tells the story of it in lines. */
public final class Demo {
  private static final Duration LINE_EVERY = Duration.ofSeconds(1);
  private static final Duration FRAME_EVERY = Duration.ofMillis(250);
  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(60);

  /** What is left to a payload beyond its waiting, until it must have its answer. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Settings settings;
  private final PhoneStream stream;
  private final PrintWriter out;
  private final Telling telling;
  private final Newest newest;

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
      Settings settings, PhoneStream stream, PrintWriter out, Paint paint, List<String> further) {
    return new Demo(settings, stream, out, new Screen(out, new LiveView(paint, further)));
  }

  private Demo(Settings settings, PhoneStream stream, PrintWriter out, Telling telling) {
    this.settings = settings;
    this.stream = stream;
    this.out = out;
    this.telling = telling;
    this.newest = new Newest(settings.topics().userProfile(), settings.topics().deadLetter());
  }

  /** How the story is told while it goes on. */
  interface Telling {
    /** How long a moment is worth a look. */
    Duration every();

    void tell(LiveView.Moment now);

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
    public void tellBooks(LiveView.Moment end) {
      out.printf(Locale.ROOT, "%nThe books, read back from the topics%n%n");
      BooksReport.text(end.books()).forEach(out::println);
      out.printf(
          Locale.ROOT, "%nProfiles that a plain join with the newest key would have missed%n%n");
      for (Recovered how : Recovered.values()) {
        out.println(BooksReport.row(LiveView.name(how), end.counts().recovered(how), ""));
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

  /**
   * Plays so many payloads of these users, and returns when each is answered and the books are
   * printed.
   *
   * @return whether the books balance and hold what was played, as far as anybody can know it
   */
  public boolean play(Simulator simulator, long payloads, double perSecond)
      throws InterruptedException {
    if (!stream.awaitRunning(RUNNING_WITHIN)) {
      stream.awaitEnd();
      throw OperatorException.failed("the stream did not start within 60 s; see the log");
    }
    KafkaProperties properties = new KafkaProperties(settings);
    try (BookKeeper keeper =
        BookKeeper.fromNow(new KafkaConsumer<>(properties.ofReader()), settings.topics())) {
      Traffic traffic = new Traffic(properties, settings.topics(), simulator, payloads, perSecond);
      CompletableFuture<Void> all = traffic.publishInBackground();
      Pace pace = new Pace();
      long start = System.nanoTime();
      follow(traffic, keeper, all, pace, start);
      Books books = keeper.readToEnd();
      telling.tellBooks(moment(traffic, books, pace, start));
      return tellVerdict(books, traffic);
    }
  }

  /** Tells the story until all is published and answered, or should be. */
  private void follow(
      Traffic traffic, BookKeeper keeper, CompletableFuture<Void> published, Pace pace, long start)
      throws InterruptedException {
    long nextLook = start;
    long end = Long.MAX_VALUE;
    while (System.nanoTime() < end) {
      keeper.read(Duration.ofMillis(50), newest::see);
      Books books = keeper.books();
      boolean done = published.isDone();
      if (done && end == Long.MAX_VALUE) {
        rethrow(published);
        end = System.nanoTime() + settings.sessionWait().plus(GRACE).toNanos();
      }
      boolean all =
          done
              && books.payloads() - books.rerouted() >= traffic.published()
              && books.unanswered() == 0;
      if (System.nanoTime() >= nextLook || all) {
        telling.tell(moment(traffic, books, pace, start));
        nextLook += telling.every().toNanos();
      }
      if (all) {
        return;
      }
    }
  }

  private LiveView.Moment moment(Traffic traffic, Books books, Pace pace, long start) {
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
  public Optional<LetterId> newestLetter() {
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
      Comparison comparison =
          Comparison.of(settings, books, traffic.published(), traffic.expectedLetters());
      comparison.lines().forEach(out::println);
      right = comparison.holds();
    }
    out.flush();
    return right;
  }
}
