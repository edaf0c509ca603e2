package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.AnswerCounts.SessionKeyChange;
import dev.wxphone.stream.store.UserStore;
import dev.wxphone.stream.store.WaitingPayload;
import dev.wxphone.stream.store.WaitingRoom;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Answers the payloads of one partition, each exactly once: at once if it is proven or no session
 * key could prove it, otherwise when its session key arrives or its wait is over. All that follows
 * from one record is in one transaction.
 */
final class AnswerProcessor implements Processor<byte[], byte[], Object, byte[]> {
  /** How often the waiting payloads are checked for deadlines. */
  private static final Duration PUNCTUATE_INTERVAL = Duration.ofMillis(100);

  /** How many payloads one punctuation answers at most, so that the thread polls in time. */
  private static final int PUNCTUATE_LIMIT = 5_000;

  /**
   * How many payloads of one openid wait at most while session keys published before their
   * deadlines are still unread. Each login tries all of them, and each may have 100 KB.
   */
  private static final int HARD_CAP = 256;

  private final AnswerRules rules;
  private final int partitions;
  private final Duration oldest;
  private final Map<String, Long> returned;
  private final Horizons horizons;
  private final AnswerCounts counts;
  private final PayloadJudge judge;
  private final IdleRules idleRules;

  // What follows belongs to one init: Kafka Streams may initialise the same processor again, for
  // one when it revives a task whose thread died.

  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Object, byte[]> context;

  @SuppressWarnings("NullAway.Init")
  private UserStore users;

  @SuppressWarnings("NullAway.Init")
  private AnswerOutputs outputs;

  @SuppressWarnings("NullAway.Init")
  private Fence fence;

  /** Scheduled while any payload waits. */
  @SuppressWarnings("NullAway.Init")
  private Punctuation deadlines;

  private @Nullable WaitingRoom waiting;

  /**
   * Creates the processor of one task.
   *
   * @param partitions the number of partitions of each input topic
   * @param oldest how much older than its record a payload may say it is
   * @param returned openids that have a profile again since they were forgotten, and when they were
   */
  AnswerProcessor(
      AnswerRules rules,
      int partitions,
      Duration oldest,
      Map<String, Long> returned,
      Horizons horizons,
      AnswerCounts counts,
      TopologyDependencies.Prover prover) {
    this.rules = rules;
    this.partitions = partitions;
    this.oldest = oldest;
    this.returned = returned;
    this.horizons = horizons;
    this.counts = counts;
    this.judge = new PayloadJudge(prover, rules);
    this.idleRules = IdleRules.of(rules, oldest);
  }

  @Override
  public void init(ProcessorContext<Object, byte[]> context) {
    close();
    this.context = context;
    users = new UserStore(context.getStateStore(Changelogs.USERS));
    outputs = new AnswerOutputs(context, counts);
    fence = new Fence(() -> outputs.fence(rules.topics().sessionKey()));
    waiting =
        new WaitingRoom(
            context.getStateStore(Changelogs.WAITING),
            counts,
            rules.sessionWait().toMillis(),
            rules.sessionWaitMax());
    deadlines = new Punctuation(context, PUNCTUATE_INTERVAL, this::onDeadlines);
    scheduleDeadlines();
    IdleSweep sweep =
        new IdleSweep(
            users, idleRules, openid -> waiting().count(openid) > 0, this::allReadAt, counts);
    new Punctuation(context, IdleSweep.INTERVAL, sweep::look).schedule();
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.close();
      waiting = null;
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    RecordCoordinates source = new RecordCoordinates(at.topic(), at.partition(), at.offset());
    fence.onRecord();
    if (source.topic().equals(rules.topics().sessionKey())) {
      counts.countSessionKey();
      Provenance origin = Provenance.of(record.headers(), source, record.timestamp());
      onSessionKey(received(record, source, origin.neverReplayed()));
    } else {
      counts.countPayload(now());
      Provenance origin = Provenance.of(record.headers(), source, record.timestamp(), oldest);
      onPayload(received(record, source, origin));
    }
    scheduleDeadlines();
  }

  private static ReceivedRecord received(
      Record<byte[], byte[]> record, RecordCoordinates source, Provenance origin) {
    return new ReceivedRecord(record.key(), record.value(), record.headers(), source, origin);
  }

  // ---- payloads

  private void onPayload(ReceivedRecord received) {
    Admission admission =
        Admission.of(received, Reason.MALFORMED_PAYLOAD, partitions, rules.reroute());
    if (admission instanceof Admission.Admitted admitted) {
      byte[] openid = admitted.openid();
      UserState before = user(openid);
      PayloadJudge.Outcome outcome = judge.judgeLimited(received, before, now());
      UserState user = judge.countStale(outcome, before, now());
      if (mayWait(outcome, openid)) {
        storeIfChanged(openid, before, user);
        long deadline = now() + rules.sessionWait().toMillis();
        waiting().add(openid, new WaitingPayload(deadline, received));
      } else {
        storeIfChanged(openid, before, answer(received, outcome, user, false));
      }
    } else if (admission instanceof Admission.Misplaced misplaced) {
      outputs.reroutedPayload(received, misplaced.partition());
    } else if (admission instanceof Admission.Rejected rejected) {
      outputs.payloadLetter(received, rejected.cause());
      countAnswered(received);
    }
  }

  private boolean mayWait(PayloadJudge.Outcome outcome, byte[] openid) {
    if (!outcome.keyAwaited() || rules.sessionWait().isZero()) {
      return false;
    }
    int others = waiting().count(openid);
    // In a backlog the login that proves all of them may lie behind any number of clicks.
    return others < rules.sessionWaitMax() || (others < HARD_CAP && !horizonPassed(now()));
  }

  private boolean horizonPassed(long instant) {
    return horizons.sessionKeys().passed(context.taskId().partition(), Math.min(instant, now()));
  }

  /** Forwards the answer to a payload and returns the user's state after it. */
  private UserState answer(
      ReceivedRecord received, PayloadJudge.Outcome outcome, UserState user, boolean waited) {
    countAnswered(received);
    if (outcome.verdict() instanceof Verdict.Proven proven) {
      outputs.profile(received, outcome.profile());
      counts.countProfile(proven.profile(), waited, received.origin().reroutedFrom() != null);
      return user.published(proven.profile().watermark());
    }
    Verdict.Refused refused = (Verdict.Refused) outcome.verdict();
    Cause cause = new Cause(refused.reason(), refused.detail(), refused.keysTried());
    outputs.payloadLetter(received, cause);
    return user;
  }

  /** The click of a replayed payload was answered before, and one before WeChat is none. */
  private void countAnswered(ReceivedRecord received) {
    if (received.origin().replayedFrom() == null) {
      ClickTime click = ClickTime.of(received.origin().timestamp(), now());
      if (!click.isImpossible()) {
        counts.commitTimes().answered(click.millis());
      }
    }
  }

  // ---- session keys

  private void onSessionKey(ReceivedRecord received) {
    SessionKeyEvent event = read(received);
    if (event instanceof SessionKeyEvent.Misplaced misplaced) {
      outputs.reroutedSessionKey(received, misplaced.partition());
    } else if (event instanceof SessionKeyEvent.Rejected rejected) {
      outputs.sessionKeyLetter(received, rejected.cause());
    } else if (event instanceof SessionKeyEvent.FenceRead) {
      // Now, and not at the next punctuation: the due payloads have waited for this record.
      endWaiting(now());
    } else if (!(event instanceof SessionKeyEvent.Placeholder)) {
      applySessionKey(received, event);
    }
  }

  private SessionKeyEvent read(ReceivedRecord received) {
    try {
      return SessionKeyEvent.of(received, rules, partitions, now());
    } catch (RuntimeException | StackOverflowError unforeseen) {
      String detail = PayloadJudge.unforeseen(unforeseen);
      return new SessionKeyEvent.Rejected(new Cause(Reason.PROCESSING_FAILED, detail, 0));
    }
  }

  private void applySessionKey(ReceivedRecord received, SessionKeyEvent event) {
    counts.countSessionKeyChange(changeBy(event), now());
    byte[] openid = Objects.requireNonNull(received.key());
    UserState before = user(openid);
    if (event instanceof SessionKeyEvent.LoggedIn login && login.isUndone(before)) {
      // The copy would outlive the null before it on the topic, and a rebuild would find it.
      outputs.placeholder(received, received.source().partition());
      return;
    }
    UserState user = event.applyTo(before, rules.sessionKeys());
    boolean forget = event instanceof SessionKeyEvent.Forgotten;
    // Where it is read once more, by a new group, the profile that came since is the newer one.
    if (event instanceof SessionKeyEvent.Forgotten forgotten
        && returned.getOrDefault(received.openid(), Long.MIN_VALUE) < forgotten.at()) {
      outputs.profile(received, null);
    }
    // A logout brings no key, and nothing that waits is answered by it.
    if (forget || event instanceof SessionKeyEvent.LoggedIn) {
      user = answerWaiting(openid, before, user, forget);
    }
    storeIfChanged(openid, before, user);
  }

  private static SessionKeyChange changeBy(SessionKeyEvent event) {
    if (event instanceof SessionKeyEvent.LoggedIn) {
      return SessionKeyChange.LOGIN;
    }
    return event instanceof SessionKeyEvent.Forgotten
        ? SessionKeyChange.FORGOTTEN
        : SessionKeyChange.LOGOUT;
  }

  /**
   * Tries the waiting payloads of an openid again and returns the user's state after that.
   *
   * @param before the state before the event
   * @param user the state after the event
   * @param all true to answer all of them, false to leave those that still await a key
   */
  private UserState answerWaiting(byte[] openid, UserState before, UserState user, boolean all) {
    UserState latest = user;
    boolean newKey = !user.sameNewestKey(before);
    for (WaitingPayload payload : waiting().payloads(openid)) {
      PayloadJudge.Outcome outcome =
          newKey
              ? judge.judgeLimited(payload.received(), latest, now())
              : judge.judge(payload.received(), latest, now());
      latest = newKey ? judge.countStale(outcome, latest, now()) : latest;
      if (all && outcome.keyAwaited() && waiting().arrival(payload) <= latest.forgottenAt()) {
        // A publisher's clock that is ahead does not carry a click past the forgetting.
        outcome = new PayloadJudge.Outcome(PhoneProof.forgotten(0), null);
      }
      if (all || !outcome.keyAwaited()) {
        latest = answer(payload.received(), outcome, latest, true);
        waiting().remove(payload);
      }
    }
    return latest;
  }

  // ---- the end of waiting

  private void scheduleDeadlines() {
    if (waiting().isEmpty()) {
      deadlines.cancel();
    } else {
      deadlines.schedule();
    }
  }

  private void onDeadlines(long now) {
    endWaiting(now);
    scheduleDeadlines();
  }

  private void endWaiting(long now) {
    waiting().capDeadlines(now);
    for (int count = 0; count < PUNCTUATE_LIMIT; count++) {
      WaitingPayload payload = nextDue(now);
      if (payload == null || !fence.openOrWrite(now)) {
        break;
      }
      byte[] openid = Objects.requireNonNull(payload.received().key());
      UserState user = user(openid);
      PayloadJudge.Outcome outcome = judge.judge(payload.received(), user, now);
      storeIfChanged(openid, user, answer(payload.received(), outcome, user, true));
      waiting().remove(payload);
    }
  }

  /** Returns the next payload that may not wait any longer, or null if there is none. */
  private @Nullable WaitingPayload nextDue(long now) {
    // If the horizon has not passed the first deadline, it has not passed a later one either.
    if (waiting().nextDeadline() <= now && horizonPassed(waiting().nextDeadline())) {
      return waiting().next();
    }
    long arrival = waiting().nextExcessArrival();
    return arrival != Long.MAX_VALUE && horizonPassed(arrival) ? waiting().nextExcess() : null;
  }

  // ---- state

  /** Returns the state of an openid, with fewer keys if the setting was lowered since. */
  private UserState user(byte[] openid) {
    return users.get(openid).withKeyLimit(rules.sessionKeys());
  }

  /** Stores what has changed, and from time to time that there was a sign of a known user. */
  private void storeIfChanged(byte[] openid, UserState before, UserState after) {
    boolean changed = !after.equals(before);
    if (changed || (!before.equals(UserState.UNKNOWN) && idleRules.isDue(before, now()))) {
      users.put(openid, after.active(now()));
    }
  }

  // ---- idle users

  /** Returns whether all that was there at an instant is read, and this task's alone to change. */
  private boolean allReadAt(long instant) {
    int partition = context.taskId().partition();
    boolean sessionKeys = horizons.sessionKeys().passed(partition, instant);
    return horizons.payloads().passed(partition, instant)
        && sessionKeys
        && fence.openOrWrite(now());
  }

  private WaitingRoom waiting() {
    return Objects.requireNonNull(waiting);
  }

  private long now() {
    return context.currentSystemTimeMs();
  }
}
