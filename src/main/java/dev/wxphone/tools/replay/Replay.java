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
 * Sends the payloads of the chosen letters, each once, however often this is killed and started
 * again: the audit record is in the transaction of the payload, and the audit is read only after
 * {@code initTransactions} has fenced every other replay.
 */
final class Replay implements AutoCloseable {
  private static final long MAX_BATCH_BYTES = 1024 * 1024;

  /** Added to the time that a payload may wait for its session key. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  /** Who replays, for the audit. */
  record Author(String by, String run) {}

  /** Called with the progress; decides whether the replay goes on. */
  interface Listener {
    /** Takes the number of letters sent so far; returns false to stop after this transaction. */
    boolean onSent(long letters);

    /** Takes the number of payloads without an answer; returns false to stop waiting for them. */
    boolean onWaiting(long payloads);
  }

  /**
   * The result of a replay, in letters.
   *
   * @param gone chosen, but replayed elsewhere, parked or expired before they were sent
   * @param left chosen, but not sent because the replay was stopped
   * @param profiles sent, and answered with a profile
   * @param cameBack sent, and answered with a dead letter, by its reason
   * @param unanswered sent, and not answered yet
   */
  record Result(
      long sent, long gone, long left, long profiles, Map<Reason, Long> cameBack, long unanswered) {

    static final Result NOTHING_SENT = new Result(0, 0, 0, 0, Map.of(), 0);

    Result {
      // Map.copyOf would not keep the order of the reasons.
      Map<Reason, Long> copy = new EnumMap<>(Reason.class);
      copy.putAll(cameBack);
      cameBack = Collections.unmodifiableMap(copy);
    }

    /** Returns how many were answered with a dead letter. */
    long allCameBack() {
      return cameBack.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final DeadLetters letters;
  private final Settings settings;
  private final Author author;
  private final ReplayRate rate;
  private final Listener listener;
  private final TransactionalSender sender;
  private final AnswerTracker tracker;
  private final List<DeadLetter> batch = new ArrayList<>();
  private long batchBytes;
  private long startedAt;
  private long sent;
  private long gone;
  private boolean stopped;
  private boolean complete;

  /** Creates a replay, and fences any other of the same audit topic. */
  Replay(
      DeadLetters letters, Settings settings, Author author, ReplayRate rate, Listener listener) {
    this.letters = letters;
    this.settings = settings;
    this.author = author;
    this.rate = rate;
    this.listener = listener;
    KafkaProperties properties = new KafkaProperties(settings);
    this.sender = new TransactionalSender(properties, settings.topics());
    this.tracker = new AnswerTracker(properties, settings.topics());
  }

  /**
   * Sends the chosen letters.
   *
   * @throws dev.wxphone.operator.OperatorException if a transaction fails; {@link #result} says how
   *     many were sent before
   */
  void send(ReplayPlan plan) {
    Set<DeadLetterId> chosen = plan.chosen();
    // Actions since the plan was made: the operator may have thought about it for long.
    letters.readAudit(id -> gone += chosen.remove(id) ? 1 : 0);
    startedAt = System.nanoTime();
    letters.readWhile(
        letter -> {
          if (chosen.contains(letter.id())) {
            add(letter);
          }
          return !stopped;
        });
    if (!stopped) {
      flush();
    }
    complete = !stopped;
  }

  private void add(DeadLetter letter) {
    long bytes = letter.value() == null ? 0 : letter.value().length;
    if (!batch.isEmpty() && batchBytes + bytes > MAX_BATCH_BYTES) {
      flush();
    }
    if (stopped) {
      return;
    }
    batch.add(letter);
    batchBytes += bytes;
    if (batch.size() >= rate.batch()) {
      flush();
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    waitUntilDue();
    if (stopped) {
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
    batch.forEach(tracker::await);
    sent += batch.size();
    batch.clear();
    batchBytes = 0;
    stopped = !listener.onSent(sent);
  }

  private void waitUntilDue() {
    long due = startedAt + rate.due(sent).toNanos();
    do {
      long left = due - System.nanoTime();
      tracker.poll(Duration.ofNanos(Math.max(0, Math.min(left, POLL_INTERVAL.toNanos()))));
      stopped |= !listener.onSent(sent);
    } while (!stopped && due - System.nanoTime() > 0);
  }

  /** Waits for the answers, as long as a payload may wait for its session key. */
  void awaitAnswers() {
    awaitAnswers(settings.sessionWait().plus(GRACE));
  }

  /** Waits for the answers, at most for a time. */
  void awaitAnswers(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    tracker.poll(Duration.ZERO);
    while (tracker.unanswered() > 0
        && System.nanoTime() - end < 0
        && listener.onWaiting(tracker.unanswered())) {
      tracker.poll(POLL_INTERVAL);
    }
  }

  /** Returns the result so far. */
  Result result(ReplayPlan plan) {
    long unsent = plan.size() - sent;
    // Once all letters were read, those that were not found are gone.
    long notFound = complete ? unsent : gone;
    return new Result(
        sent,
        notFound,
        unsent - notFound,
        tracker.profiles(),
        tracker.cameBack(),
        tracker.unanswered());
  }

  @Override
  public void close() {
    sender.close();
    tracker.close();
  }
}
