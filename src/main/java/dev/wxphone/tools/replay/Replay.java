package dev.wxphone.tools.replay;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends the payloads of the chosen letters, each once, however often this is killed and begun
 * again: what the audit says is in the transaction of the payload, and it is read when no other
 * replay can write to it any more.
 */
public final class Replay implements AutoCloseable {
  private static final long MOST_BYTES = 1024 * 1024;

  /** Beyond the time that a payload may wait. */
  private static final Duration BEYOND_WAITING = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Who replays, as the audit says it. */
  public record Author(String by, String run) {}

  /** Hears how far it is, and says whether it is to go on. */
  public interface Listener {
    /** So many of those chosen were sent by now; false ends it after this transaction. */
    boolean sent(long letters);

    /** So many of those sent have no answer by now; false ends the waiting for them. */
    boolean unanswered(long payloads);
  }

  /**
   * What became of it.
   *
   * @param gone chosen, and not sent since another replay did it or they are no longer there
   * @param left chosen, and not sent since it came to an end before
   */
  public record Report(
      long sent, long gone, long left, long profiles, Map<Reason, Long> cameBack, long unanswered) {

    /** Nothing was sent. */
    public static final Report NOTHING = new Report(0, 0, 0, 0, Map.of(), 0);

    public Report {
      // A copy in the order of the reasons, which Map.copyOf would not keep.
      Map<Reason, Long> copy = new EnumMap<>(Reason.class);
      copy.putAll(cameBack);
      cameBack = Collections.unmodifiableMap(copy);
    }

    /** How many came back as dead letters, of all reasons. */
    public long allCameBack() {
      return cameBack.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final DeadLetters letters;
  private final Settings settings;
  private final Author author;
  private final ReplayRate pace;
  private final Listener listener;
  private final TransactionalSender sender;
  private final AnswerTracker followup;
  private final List<DeadLetter> batch = new ArrayList<>();
  private long batchBytes;
  private long begun;
  private long sent;
  private long gone;
  private boolean ended;
  private boolean complete;

  /** A replay that holds its place from here on: one that ran before ends. */
  public Replay(
      DeadLetters letters, Settings settings, Author author, ReplayRate pace, Listener listener) {
    this.letters = letters;
    this.settings = settings;
    this.author = author;
    this.pace = pace;
    this.listener = listener;
    KafkaProperties properties = new KafkaProperties(settings);
    this.sender = new TransactionalSender(properties, settings.topics());
    this.followup = new AnswerTracker(properties, settings.topics());
  }

  /**
   * Sends them.
   *
   * @throws dev.wxphone.operator.OperatorException where it can't go on; {@link #sent} tells how
   *     far it came
   */
  public void send(ReplayPlan plan) {
    Set<DeadLetterId> chosen = plan.chosen();
    // What was done since the plan was made, a moment or a long thought ago.
    letters.readAudit(id -> gone += chosen.remove(id) ? 1 : 0);
    begun = System.nanoTime();
    letters.readWhile(
        letter -> {
          if (chosen.contains(letter.id())) {
            add(letter);
          }
          return !ended;
        });
    if (!ended) {
      flush();
    }
    complete = !ended;
  }

  private void add(DeadLetter letter) {
    long bytes = letter.value() == null ? 0 : letter.value().length;
    if (!batch.isEmpty() && batchBytes + bytes > MOST_BYTES) {
      flush();
    }
    if (ended) {
      return;
    }
    batch.add(letter);
    batchBytes += bytes;
    if (batch.size() >= pace.batch()) {
      flush();
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    waitUntilDue();
    if (ended) {
      return;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    sender.send(
        batch,
        new AuditRecord(
            AuditRecord.Action.REPLAYED,
            now,
            author.by(),
            author.run(),
            letters.topic().id(),
            null));
    batch.forEach(followup::sent);
    sent += batch.size();
    batch.clear();
    batchBytes = 0;
    ended = !listener.sent(sent);
  }

  private void waitUntilDue() {
    long due = begun + pace.due(sent).toNanos();
    do {
      long left = due - System.nanoTime();
      followup.read(Duration.ofNanos(Math.max(0, Math.min(left, LOOK.toNanos()))));
      ended |= !listener.sent(sent);
    } while (!ended && due - System.nanoTime() > 0);
  }

  /** Waits for the answers, for as long as a payload may wait for its session key. */
  public void awaitAnswers() {
    readAnswers(settings.sessionWait().plus(BEYOND_WAITING));
  }

  /** Waits for the answers for so long. */
  public void readAnswers(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    followup.read(Duration.ZERO);
    while (followup.unanswered() > 0
        && System.nanoTime() - end < 0
        && listener.unanswered(followup.unanswered())) {
      followup.read(LOOK);
    }
  }

  /** How many were sent. */
  public long sent() {
    return sent;
  }

  /** What became of it by now. */
  public Report report(ReplayPlan plan) {
    long unsent = plan.size() - sent;
    // What was to be sent and was no longer there counts as gone once all was looked at.
    long notFound = complete ? unsent : gone;
    return new Report(
        sent,
        notFound,
        unsent - notFound,
        followup.profiles(),
        followup.cameBack(),
        followup.unanswered());
  }

  @Override
  public void close() {
    sender.close();
    followup.close();
  }
}
