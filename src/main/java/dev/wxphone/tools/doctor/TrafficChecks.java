package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.topics.ActualTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the newest records of the inputs and outputs, each topic once and for a limited time, and
 * judges them. The methods are called in their order here: later ones judge by what was read.
 */
final class TrafficChecks {
  private static final int MAX_RECORDS = 20_000;

  /** A longer duration would precede the epoch. */
  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  /** Profiles are compacted later. */
  private static final Duration COMPACTED_AFTER = Duration.ofHours(24);

  /** Beyond the time that a click waits, the time that an answer may take. */
  private static final Duration OVERDUE = Duration.ofMinutes(1);

  private static final Duration SOON = Duration.ofHours(24);

  private final Settings settings;
  private final TopicNames topics;
  private final Map<String, ActualTopic> state;
  private final TopicReader reader;
  private final Duration since;
  private final Instant now = Instant.now();
  private final Instant from;
  private final InputsCheck inputs;
  private final AnswersCheck answers;
  private boolean allPayloads;
  private boolean allSessionKeys;
  private boolean wholeSessionKeys;
  private boolean allLetters;
  private long overdue;

  /**
   * Creates the checks.
   *
   * @param state changelogs of the stream's state that exist, by name
   * @param since maximum age of the records that are judged
   */
  TrafficChecks(
      Settings settings, Map<String, ActualTopic> state, TopicReader reader, Duration since) {
    this.settings = settings;
    this.topics = settings.topics();
    this.state = state;
    this.reader = reader;
    this.since = since;
    this.from = since.compareTo(FOR_EVER) > 0 ? Instant.EPOCH : now.minus(since);
    this.inputs = new InputsCheck(topics);
    this.answers = new AnswersCheck(topics.phonePayload());
  }

  /** Judges {@code phone-payload}. */
  List<Finding> payloads(ActualTopic topic) {
    String name = topics.phonePayload();
    PartitionerCheck partitioner = partitioner(name, topic);
    ClocksCheck.OfPublishers clocks = new ClocksCheck.OfPublishers(name, now);
    RecordTimesCheck times = new RecordTimesCheck(name, topic.retentionMs(), from, now);
    Instant answersFrom = now.minus(COMPACTED_AFTER);
    Instant answered = now.minus(OVERDUE).minus(settings.answerRules().sessionWait());
    allPayloads =
        readNewest(
            name,
            record -> {
              times.add(record);
              Instant at = time(record);
              boolean judged = !at.isBefore(from);
              inputs.addClick(record, judged);
              if (!judged) {
                return;
              }
              partitioner.add(record);
              clocks.add(record);
              if (!at.isBefore(answersFrom)) {
                answers.addClick(record);
                overdue += at.isBefore(answered) ? 1 : 0;
              }
            });
    return ofRead(
        allPayloads, name, partitioner.finding(since, now), clocks.finding(), times.finding());
  }

  /** Judges {@code session-key}. */
  List<Finding> sessionKeys(ActualTopic topic) {
    String name = topics.sessionKey();
    PartitionerCheck partitioner = partitioner(name, topic);
    SessionKeysCheck keys = new SessionKeysCheck(name, settings.appids().isEmpty());
    RecordTimesCheck times = new RecordTimesCheck(name, topic.retentionMs(), from, now);
    TopicReader.Span all = reader.span(name);
    wholeSessionKeys = all.newest(MAX_RECORDS).equals(all);
    allSessionKeys =
        readNewest(
            name,
            record -> {
              times.add(record);
              boolean judged = !time(record).isBefore(from);
              inputs.addLogin(record, judged);
              if (judged) {
                partitioner.add(record);
                keys.add(record);
              }
            });
    return ofRead(
        allSessionKeys,
        name,
        partitioner.finding(since, now),
        keys.finding(since),
        times.finding());
  }

  /** Judges both inputs together. */
  List<Finding> inputs() {
    return ofRead(
        allPayloads && allSessionKeys,
        topics.phonePayload(),
        inputs.findings(wholeSessionKeys && allSessionKeys, since).toArray(Finding[]::new));
  }

  /** Judges {@code dead-letter}. */
  List<Finding> letters(ActualTopic topic) {
    String name = topics.deadLetter();
    ClocksCheck.OfProcessors clocks = new ClocksCheck.OfProcessors(name);
    allLetters =
        readNewest(
            name,
            record -> {
              answers.addLetter(record);
              if (!time(record).isBefore(from)) {
                clocks.add(record);
              }
            });
    if (!topic.stampsOnAppend()) {
      return List.of(
          new Unchecked(
              ExpiryCheck.CHECK,
              name + " does not tell when a letter came: it is not LogAppendTime",
              "wxphone topics apply"));
    }
    List<Finding> findings = new ArrayList<>(ofRead(allLetters, name, clocks.finding()));
    findings.add(expiring(topic));
    return findings;
  }

  /** Judges the answers on both outputs together. */
  List<Finding> answers() {
    boolean all = readNewest(topics.userProfile(), answers::addProfile);
    Duration judged = since.compareTo(COMPACTED_AFTER) > 0 ? COMPACTED_AFTER : since;
    return ofRead(
        all && allPayloads && allLetters,
        topics.userProfile(),
        answers.findings(judged, overdue).toArray(Finding[]::new));
  }

  private PartitionerCheck partitioner(String name, ActualTopic topic) {
    return new PartitionerCheck(
        name, topic.partitions(), state.values().stream().findFirst().orElse(topic).partitions());
  }

  private Instant time(ConsumerRecord<byte[], byte[]> record) {
    return Instant.ofEpochMilli(ClickTime.of(record.timestamp(), now.toEpochMilli()).millis());
  }

  /** Returns false if the time was too short for all of them. */
  private boolean readNewest(String topic, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    return reader.readWithin(Doctor.READ_AT_MOST, reader.span(topic).newest(MAX_RECORDS), visitor);
  }

  /** A topic that was read in part can prove that something is wrong, but not that nothing is. */
  private static List<Finding> ofRead(boolean all, String topic, Finding... findings) {
    return Stream.of(findings)
        .map(
            finding ->
                all || !(finding instanceof Fine)
                    ? finding
                    : new Unchecked(
                        finding.check(),
                        topic + " could not be read in time",
                        "run this again when the brokers have less to do"))
        .toList();
  }

  private Finding expiring(ActualTopic topic) {
    if (topic.retentionMs() > now.toEpochMilli()) {
      return ExpiryCheck.of(0, true, SOON);
    }
    Instant until = now.plus(SOON).minusMillis(topic.retentionMs());
    List<DeadLetterId> replayable = new ArrayList<>();
    boolean all =
        reader.readWithin(
            Doctor.READ_AT_MOST,
            reader.spanBefore(topics.deadLetter(), until),
            record -> {
              DeadLetter letter = DeadLetter.read(record);
              if (letter != null && AssessedLetter.isOpen(letter, null)) {
                replayable.add(letter.id());
              }
            });
    return ExpiryCheck.of(replayable.isEmpty() ? 0 : open(replayable), all, SOON);
  }

  private long open(List<DeadLetterId> replayable) {
    try (DeadLetters letters = DeadLetters.open(settings, read -> {})) {
      return replayable.stream().filter(id -> letters.auditLog().latest(id) == null).count();
    }
  }
}
