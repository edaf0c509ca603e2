package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.OutgoingHeaders;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.store.UserStore;
import dev.wxphone.stream.store.WaitingPayload;
import dev.wxphone.stream.store.WaitingRoom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the payloads of one partition, each exactly once: at once where it is proven or no
 * session key could prove it, else when its session key arrives or its time to wait is over. All
 * that it does for one record is in one transaction.
 */
final class AnswerProcessor implements Processor<byte[], byte[], Object, byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerProcessor.class);

  /** How often it looks for who has waited long enough. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How many it lets go at a look, so that a crowd does not keep the thread from its polls. */
  private static final int AT_A_LOOK = 5_000;

  /**
   * How many payloads of one openid wait at the most while the session keys of their time are still
   * to be read. All of them are tried at each login, and each may have 100 KB.
   */
  private static final int HARD_CAP = 256;

  /** After this long, in milliseconds, it sends itself another {@link #FENCE}. */
  private static final long FENCE_AGAIN = 60_000;

  /** The key of what a task sends itself to be fenced by; no openid has a dot. */
  private static final byte[] FENCE = "wxphone.fence".getBytes(US_ASCII);

  private final Settings settings;
  private final int partitions;
  private final Duration oldest;
  private final KeyHorizon horizon;
  private final AnswerCounts counts;
  private final PayloadJudge judge;

  // All of these belong to one init: Kafka Streams may initialise the same processor again, as when
  // it revives a task whose thread died.
  private @Nullable ProcessorContext<Object, byte[]> context;
  private @Nullable UserStore users;
  private @Nullable WaitingRoom waiting;
  private @Nullable Cancellable looking;
  private boolean fenced;
  private long fenceSentAt;

  AnswerProcessor(
      Settings settings,
      int partitions,
      Duration oldest,
      KeyHorizon horizon,
      AnswerCounts counts,
      TopologyDependencies.Prover prover) {
    this.settings = settings;
    this.partitions = partitions;
    this.oldest = oldest;
    this.horizon = horizon;
    this.counts = counts;
    this.judge = new PayloadJudge(prover, settings.sessionFailures());
  }

  @Override
  public void init(ProcessorContext<Object, byte[]> context) {
    this.context = context;
    users = new UserStore(context.getStateStore(PhoneTopology.USERS));
    close();
    waiting =
        new WaitingRoom(
            context.getStateStore(PhoneTopology.WAITING),
            counts,
            settings.sessionWait().toMillis(),
            settings.sessionWaitMax());
    looking = null;
    fenced = false;
    fenceSentAt = UserState.NEVER;
    lookWhileSomeoneWaits();
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.leave();
      waiting = null;
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    RecordCoordinates source = new RecordCoordinates(at.topic(), at.partition(), at.offset());
    fenced = true;
    if (source.topic().equals(settings.topics().sessionKey())) {
      Provenance origin = Provenance.of(record.headers(), source, record.timestamp());
      sessionKey(received(record, source, origin.neverReplayed()));
    } else {
      Provenance origin = Provenance.of(record.headers(), source, record.timestamp(), oldest);
      payload(received(record, source, origin));
    }
    lookWhileSomeoneWaits();
  }

  private static ReceivedRecord received(
      Record<byte[], byte[]> record, RecordCoordinates source, Provenance origin) {
    return new ReceivedRecord(record.key(), record.value(), record.headers(), source, origin);
  }

  // ---- payloads

  private void payload(ReceivedRecord received) {
    Admission admission =
        Admission.of(received, Reason.MALFORMED_PAYLOAD, partitions, settings.reroute());
    if (admission instanceof Admission.Admitted admitted) {
      byte[] openid = admitted.openid();
      UserState before = user(openid);
      PayloadJudge.Outcome outcome = judge.first(received, before, now());
      UserState user = judge.counted(outcome, before, now());
      if (mayWait(outcome, openid)) {
        keep(openid, before, user);
        long deadline = now() + settings.sessionWait().toMillis();
        waiting().add(openid, new WaitingPayload(deadline, received));
      } else {
        keep(openid, before, answer(received, outcome, user, false));
      }
    } else if (admission instanceof Admission.Misplaced misplaced) {
      Headers headers = OutgoingHeaders.ofReroutedCopy(received);
      reroute(PhoneTopology.REROUTED_PAYLOADS, received, misplaced.partition(), headers);
    } else if (admission instanceof Admission.Rejected rejected) {
      deadLetter(
          received,
          OutgoingDeadLetter.ofPayload(received, rejected.cause(), instant()),
          rejected.cause());
    }
  }

  private boolean mayWait(PayloadJudge.Outcome outcome, byte[] openid) {
    if (!outcome.keyAwaited() || settings.sessionWait().isZero()) {
      return false;
    }
    int others = waiting().count(openid);
    // In a backlog the login that helps them all may lie behind any number of clicks.
    return others < settings.sessionWaitMax() || (others < HARD_CAP && !horizonPassed(now()));
  }

  private boolean horizonPassed(long instant) {
    return horizon.passed(context().taskId().partition(), Math.min(instant, now()));
  }

  /** Forwards the one answer and tells what is known of the user then. */
  private UserState answer(
      ReceivedRecord received, PayloadJudge.Outcome outcome, UserState user, boolean waited) {
    if (outcome.verdict() instanceof Verdict.Proven proven) {
      Profile profile = proven.profile();
      forwardProfile(received, outcome.profile());
      counts.profile(profile, waited, received.origin().reroutedFrom() != null);
      return user.published(profile.watermark());
    }
    Verdict.Refused refused = (Verdict.Refused) outcome.verdict();
    Cause cause = new Cause(refused.reason(), refused.detail(), refused.keysTried());
    deadLetter(received, OutgoingDeadLetter.ofPayload(received, cause, instant()), cause);
    return user;
  }

  // ---- session keys

  private void sessionKey(ReceivedRecord received) {
    SessionKeyEvent news = read(received);
    if (news instanceof SessionKeyEvent.Misplaced misplaced) {
      Headers headers = OutgoingHeaders.ofReroutedSessionKey(received);
      reroute(PhoneTopology.REROUTED_SESSION_KEYS, received, misplaced.partition(), headers);
      leavePlaceholder(received, misplaced.partition());
    } else if (news instanceof SessionKeyEvent.Rejected rejected) {
      Cause cause = rejected.cause();
      deadLetter(received, OutgoingDeadLetter.ofSessionKey(received, cause, instant()), cause);
    } else if (news instanceof SessionKeyEvent.Placeholder) {
      if (Arrays.equals(received.key(), FENCE)) {
        // Now, and not at the next look: this is what it has waited for.
        endWaiting(now());
      }
    } else {
      known(received, news);
    }
  }

  private SessionKeyEvent read(ReceivedRecord received) {
    try {
      return SessionKeyEvent.of(received, settings, partitions, now());
    } catch (RuntimeException | StackOverflowError unforeseen) {
      String detail = PayloadJudge.unforeseen(unforeseen);
      return new SessionKeyEvent.Rejected(new Cause(Reason.PROCESSING_FAILED, detail, 0));
    }
  }

  private void known(ReceivedRecord received, SessionKeyEvent news) {
    byte[] openid = Objects.requireNonNull(received.key());
    UserState user = user(openid);
    if (news instanceof SessionKeyEvent.LoggedIn login && login.isUndone(user)) {
      // The copy would outlive the null before it on the topic, and be found by a rebuild.
      leavePlaceholder(received, received.source().partition());
      return;
    }
    UserState latest = news.after(user, settings.sessionKeys());
    boolean forget = news instanceof SessionKeyEvent.Forgotten;
    if (forget) {
      forwardProfile(received, null);
    }
    // Nobody who waits is helped by a logout.
    boolean helps = forget || news instanceof SessionKeyEvent.LoggedIn;
    keep(openid, user, helps ? answerWaiting(openid, user, latest, forget) : latest);
  }

  /**
   * Tries again those that wait for this openid.
   *
   * @param before what was known until now
   * @param all true where nobody may go on waiting, false to leave who needs another key still
   */
  private UserState answerWaiting(byte[] openid, UserState before, UserState user, boolean all) {
    UserState latest = user;
    boolean newKey = !user.sameNewestKey(before);
    for (WaitingPayload payload : waiting().of(openid)) {
      PayloadJudge.Outcome outcome =
          newKey
              ? judge.first(payload.received(), latest, now())
              : judge.judge(payload.received(), latest);
      latest = newKey ? judge.counted(outcome, latest, now()) : latest;
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

  private void lookWhileSomeoneWaits() {
    if (waiting().isEmpty() && looking != null) {
      looking.cancel();
      looking = null;
    } else if (!waiting().isEmpty() && looking == null) {
      looking = context().schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, this::look);
    }
  }

  /** Kafka Streams does not call again what has thrown: however it ends, the next one is due. */
  private void look(long now) {
    boolean ended = false;
    try {
      endWaiting(now);
      ended = true;
    } finally {
      if (!ended && looking != null) {
        looking.cancel();
        looking = null;
      }
      lookWhileSomeoneWaits();
    }
  }

  private void endWaiting(long now) {
    waiting().holdTo(now);
    for (int count = 0; count < AT_A_LOOK; count++) {
      WaitingPayload payload = overdue(now);
      if (payload == null || !requireFenced(now)) {
        break;
      }
      byte[] openid = Objects.requireNonNull(payload.received().key());
      UserState user = user(openid);
      PayloadJudge.Outcome outcome = judge.judge(payload.received(), user);
      keep(openid, user, answer(payload.received(), outcome, user, true));
      waiting().remove(payload);
    }
  }

  /** Whoever may not wait any longer; null where there is nobody. */
  private @Nullable WaitingPayload overdue(long now) {
    // Where one has not passed, later ones can't have passed either.
    if (waiting().nextDeadline() <= now && horizonPassed(waiting().nextDeadline())) {
      return waiting().next();
    }
    long excess = waiting().nextExcess();
    return excess != Long.MAX_VALUE && horizonPassed(excess) ? waiting().firstExcess() : null;
  }

  /**
   * True once a transaction of this task is sure to be refused where others have taken it over.
   * Kafka checks that by the offsets in a transaction, and a task that has read nothing since its
   * start commits none: a process that was halted for long and goes on would answer what others
   * have answered. So such a task first sends itself a record that everyone ignores, a placeholder,
   * and goes on when it has read it.
   */
  private boolean requireFenced(long now) {
    if (!fenced && now - FENCE_AGAIN >= fenceSentAt) {
      fenceSentAt = now;
      int partition = context().taskId().partition();
      forward(
          PhoneTopology.REROUTED_SESSION_KEYS,
          new PartitionedKey(FENCE, partition),
          null,
          now(),
          OutgoingHeaders.ofReroutedPlace(settings.topics().sessionKey(), partition));
    }
    return fenced;
  }

  // ---- outputs

  private void forwardProfile(ReceivedRecord received, byte @Nullable [] value) {
    long timestamp = Math.min(received.origin().timestamp(), now());
    forward(
        PhoneTopology.PROFILES,
        Objects.requireNonNull(received.key()),
        value,
        timestamp,
        OutgoingHeaders.ofProfile(received));
  }

  private void deadLetter(ReceivedRecord received, OutgoingDeadLetter letter, Cause cause) {
    if (cause.reason() == Reason.PROCESSING_FAILED) {
      LOG.error("{}: {}", received.source(), cause.detail());
    }
    counts.deadLetter(cause.reason());
    forward(PhoneTopology.DEAD_LETTERS, letter.key(), letter.value(), now(), letter.headers());
  }

  /**
   * The copy's own timestamp is new, so that retention does not take it; its header has the old.
   */
  private void reroute(String sink, ReceivedRecord received, int partition, Headers headers) {
    counts.rerouted();
    forward(
        sink,
        new PartitionedKey(Objects.requireNonNull(received.key()), partition),
        received.value(),
        Math.max(received.origin().timestamp(), now()),
        headers);
  }

  /** Else the key would stay in the wrong partition, for a later rebuild to find after a logout. */
  private void leavePlaceholder(ReceivedRecord received, int partition) {
    RecordCoordinates source = received.source();
    forward(
        PhoneTopology.REROUTED_SESSION_KEYS,
        new PartitionedKey(Objects.requireNonNull(received.key()), source.partition()),
        null,
        now(),
        OutgoingHeaders.ofReroutedPlace(source.topic(), partition));
  }

  private void forward(
      String sink, @Nullable Object key, byte @Nullable [] value, long timestamp, Headers headers) {
    context().forward(new Record<>(key, value, timestamp, headers), sink);
  }

  // ---- the shell

  /** What is known of an openid; with fewer keys where the setting was lowered since. */
  private UserState user(byte[] openid) {
    return users().get(openid).keeping(settings.sessionKeys());
  }

  private void keep(byte[] openid, UserState before, UserState after) {
    if (!after.equals(before)) {
      users().put(openid, after);
    }
  }

  private long now() {
    return context().currentSystemTimeMs();
  }

  private Instant instant() {
    return Instant.ofEpochMilli(now());
  }

  private ProcessorContext<Object, byte[]> context() {
    return Objects.requireNonNull(context);
  }

  private UserStore users() {
    return Objects.requireNonNull(users);
  }

  private WaitingRoom waiting() {
    return Objects.requireNonNull(waiting);
  }
}
