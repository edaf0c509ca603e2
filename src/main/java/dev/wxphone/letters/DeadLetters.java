package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters that were on the topic at one moment, the actions on them until then, and the
 * status of each. No letter is kept in memory: each is shown to a visitor.
 */
public final class DeadLetters implements AutoCloseable {
  private final KafkaProperties properties;
  private final LongConsumer progress;
  private final TopicReader reader;
  private final Settings settings;
  private final TopicNames topics;
  private final LetterTopic topic;
  private final TopicReader.Span span;
  private final AuditLog auditLog;
  private Map<TopicPartition, Long> auditRead;
  private long unreadable;

  private DeadLetters(
      KafkaProperties properties,
      LongConsumer progress,
      TopicReader reader,
      Settings settings,
      LetterTopic topic) {
    this.properties = properties;
    this.progress = progress;
    this.reader = reader;
    this.settings = settings;
    this.topics = settings.topics();
    this.topic = topic;
    this.span = reader.span(topics.deadLetter());
    this.auditLog = new AuditLog(topic.id());
    TopicReader.Span audit = reader.span(topics.deadLetterAudit());
    reader.read(audit, auditLog::add);
    this.auditRead = audit.ends();
  }

  /**
   * Opens the letters that are on the topic now.
   *
   * @param progress called with the number of records read so far, on all topics
   * @throws OperatorException if a topic is missing or no broker answers
   */
  public static DeadLetters open(Settings settings, LongConsumer progress) {
    KafkaProperties properties = new KafkaProperties(settings);
    LetterTopic topic = LetterTopic.read(properties, settings.topics());
    TopicReader reader = new TopicReader(properties, progress);
    try {
      return new DeadLetters(properties, progress, reader, settings, topic);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Returns the topic that they are on. */
  public LetterTopic topic() {
    return topic;
  }

  /** Returns the actions on them. */
  public AuditLog auditLog() {
    return auditLog;
  }

  /** Returns how many records of the last reading were not written by wxphone. */
  public long unreadable() {
    return unreadable;
  }

  /** Shows each letter until the visitor returns false. */
  public void readWhile(Predicate<DeadLetter> visitor) {
    unreadable = 0;
    reader.readWhile(
        span,
        record -> {
          DeadLetter letter = DeadLetter.read(record);
          unreadable += letter == null ? 1 : 0;
          return letter == null || visitor.test(letter);
        });
  }

  private void read(Consumer<DeadLetter> visitor) {
    readWhile(
        letter -> {
          visitor.accept(letter);
          return true;
        });
  }

  /**
   * Shows each letter that passes the filter, with its status: those that could be replayed are
   * tried with the processor's own code against what is known of their openids now.
   *
   * @throws OperatorException if the filter names an id that is not on the topic
   */
  public void assess(LetterFilter filter, Consumer<AssessedLetter> visitor) {
    Set<String> openids = new HashSet<>();
    Set<DeadLetterId> missing = new TreeSet<>(filter.ids());
    read(
        letter -> {
          missing.remove(letter.id());
          String openid = LetterTrial.openid(letter);
          if (openid != null && filter.matches(letter) && withoutTrial(letter, filter) == null) {
            openids.add(openid);
          }
        });
    if (!missing.isEmpty()) {
      throw OperatorException.failed(
          "there is no dead letter of wxphone's at %s; wxphone dead-letters list shows which there are"
              .formatted(
                  missing.stream().map(DeadLetterId::toString).collect(Collectors.joining(", "))));
    }
    LetterTrial trial =
        new LetterTrial(
            settings,
            KnownUsers.read(reader, settings, openids),
            reader.partitionCount(topics.phonePayload()));
    read(
        letter -> {
          if (filter.matches(letter)) {
            LetterStatus status = withoutTrial(letter, filter);
            Verdict verdict = status == null ? trial.of(letter) : null;
            visitor.accept(
                new AssessedLetter(
                    letter,
                    status == null ? LetterStatus.of(verdict) : status,
                    verdict,
                    auditLog.latest(letter.id())));
          }
        });
  }

  private @Nullable LetterStatus withoutTrial(DeadLetter letter, LetterFilter filter) {
    AuditRecord audit = auditLog.latest(letter.id());
    return LetterStatus.withoutTrial(letter, audit, filter, topics.sessionKey());
  }

  /** Reads the actions on a letter and the answers to its replays. */
  public LetterHistory history(DeadLetter letter) {
    return LetterHistory.read(reader, topics, auditLog.all(letter.id()), letter);
  }

  /**
   * Reads the actions since the last reading, and shows the ids of their letters. It waits for open
   * transactions, so no action committed before the call is missed.
   */
  public void readAudit(Consumer<DeadLetterId> visitor) {
    // A consumer caches a topic's partitions for minutes (metadata.max.age.ms), and another replay
    // may have written to a new one.
    try (TopicReader fresh = new TopicReader(properties, progress)) {
      TopicReader.Span audit = fresh.spanOfAllWritten(topics.deadLetterAudit());
      fresh.read(
          audit.from(auditRead),
          record -> {
            DeadLetterId id = auditLog.add(record);
            if (id != null) {
              visitor.accept(id);
            }
          });
      auditRead = audit.ends();
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
