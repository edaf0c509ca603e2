package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.codec.StrictUtf8;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.PayloadJudge;
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
 * The dead letters that are on the topic at one moment, what was done with them by then, and how
 * each stands. What is kept of a letter is for its visitor to say; here it passes by.
 */
public final class DeadLetters implements AutoCloseable {
  private final KafkaProperties properties;
  private final LongConsumer progress;
  private final TopicReader reader;
  private final Settings settings;
  private final TopicNames topics;
  private final LetterTopic topic;
  private final TopicReader.Span span;
  private final AuditLog ledger;
  private Map<TopicPartition, Long> auditRead;
  private long foreign;

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
    this.ledger = new AuditLog(topic.id());
    TopicReader.Span audit = reader.span(topics.deadLetterAudit());
    reader.read(audit, ledger::enter);
    this.auditRead = audit.ends();
  }

  /**
   * Opens the letters of this moment.
   *
   * @param progress hears how many records were read by now, on all topics
   * @throws OperatorException where a topic is missing or no broker answers
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

  /** The topic that they lie on. */
  public LetterTopic topic() {
    return topic;
  }

  /** What was done with them. */
  public AuditLog ledger() {
    return ledger;
  }

  /** Records on the topic that wxphone has not written; known once the letters were read. */
  public long foreign() {
    return foreign;
  }

  /** Shows each letter of the moment, until the visitor has seen enough and says false. */
  public void readWhile(Predicate<DeadLetter> visitor) {
    foreign = 0;
    reader.readWhile(
        span,
        record -> {
          DeadLetter letter = DeadLetter.read(record);
          foreign += letter == null ? 1 : 0;
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
   * Shows each selected letter and how it stands: those that could be replayed are tried with the
   * processor's own code against what is known of their openids now.
   *
   * @throws OperatorException where a letter is asked for by its id and is not there
   */
  public void examine(LetterFilter selection, Consumer<AssessedLetter> visitor) {
    Set<String> openids = new HashSet<>();
    Set<DeadLetterId> missing = new TreeSet<>(selection.ids());
    read(
        letter -> {
          missing.remove(letter.id());
          String openid = openid(letter);
          if (openid != null && selection.matches(letter) && standing(letter, selection) == null) {
            openids.add(openid);
          }
        });
    if (!missing.isEmpty()) {
      throw OperatorException.failed(
          "there is no dead letter of wxphone's at %s; wxphone dead-letters list shows which there are"
              .formatted(
                  missing.stream().map(DeadLetterId::toString).collect(Collectors.joining(", "))));
    }
    KnownUsers users = KnownUsers.read(reader, settings, openids);
    PayloadJudge judge = PayloadJudge.of(settings.answerRules());
    int partitions = reader.partitionCount(topics.phonePayload());
    read(
        letter -> {
          if (selection.matches(letter)) {
            LetterStatus standing = standing(letter, selection);
            Verdict verdict = standing == null ? trial(letter, users, judge, partitions) : null;
            AuditRecord audit = ledger.of(letter.id());
            visitor.accept(
                new AssessedLetter(
                    letter, standing == null ? of(verdict) : standing, verdict, audit));
          }
        });
  }

  private @Nullable LetterStatus standing(DeadLetter letter, LetterFilter selection) {
    return LetterStatus.untried(letter, ledger.of(letter.id()), selection, topics.sessionKey());
  }

  private Verdict trial(DeadLetter letter, KnownUsers users, PayloadJudge judge, int partitions) {
    String openid = openid(letter);
    UserState user = openid == null ? UserState.UNKNOWN : users.of(openid);
    Verdict verdict =
        judge.trial(
            letter.received(topics.phonePayload(), partitions),
            letter.appendedAt(),
            user,
            partitions);
    if (openid != null && verdict instanceof Verdict.Proven proven) {
      users.published(openid, proven.profile().watermark());
    }
    return verdict;
  }

  private static LetterStatus of(@Nullable Verdict verdict) {
    return verdict instanceof Verdict.Proven ? LetterStatus.WOULD_SUCCEED : LetterStatus.WOULD_FAIL;
  }

  /** Who clicked; null where the key is no openid. */
  static @Nullable String openid(DeadLetter letter) {
    return letter.key() == null ? null : StrictUtf8.decode(letter.key());
  }

  /** Reads what became of a letter. */
  public LetterHistory became(DeadLetter letter) {
    return LetterHistory.of(reader, topics, ledger.allOf(letter.id()), letter);
  }

  /**
   * Reads what was done with letters since it was read last, and shows which. Nothing that is
   * committed by now is missed, whoever has a transaction open.
   */
  public void readAudit(Consumer<DeadLetterId> visitor) {
    // A client that was asked for a topic's partitions once gives the same answer for minutes, and
    // another replay may have written to one that is new.
    try (TopicReader fresh = new TopicReader(properties, progress)) {
      TopicReader.Span audit = fresh.spanOfAllWritten(topics.deadLetterAudit());
      fresh.read(
          audit.from(auditRead),
          record -> {
            DeadLetterId id = ledger.enter(record);
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
