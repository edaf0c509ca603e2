package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.SafeText;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Checks whether clicks become profiles, and if not, for which reasons: of the clicks that are
 * judged, those answers are counted that name them as their source.
 */
final class AnswersCheck {
  static final String CHECK = "answers";

  /** Fewer people who decline are no sign of anything. */
  private static final int MANY_PEOPLE = 5;

  private static final int MOST_REASONS = 3;

  private final String payloads;
  private final Map<Integer, Long> begins = new HashMap<>();
  private final Set<DeadLetterId> replayed = new HashSet<>();
  private final Map<Reason, Tally> letters = new EnumMap<>(Reason.class);
  private long clicks;
  private long profiles;
  private long answers;

  private static final class Tally {
    private final Map<String, Long> details = new HashMap<>();
    private final Map<String, DeadLetterId> newest = new HashMap<>();
    private long letters;
  }

  /** Creates the check of the answers to the records of a topic. */
  AnswersCheck(String payloads) {
    this.payloads = payloads;
  }

  /** Takes a click into account, those of a partition in order, and before all answers. */
  void addClick(ConsumerRecord<byte[], byte[]> record) {
    clicks++;
    begins.putIfAbsent(record.partition(), record.offset());
    DeadLetterId id =
        DeadLetterId.parse(HeaderNames.text(record.headers(), HeaderNames.REPLAYED_FROM));
    if (id != null) {
      replayed.add(id);
    }
  }

  /** Takes a record of {@code user-profile} into account. */
  void addProfile(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() != null && answersClick(record.headers())) {
      profiles++;
      answers++;
    }
  }

  /** Takes a dead letter into account, unless it was replayed: its payload has a newer answer. */
  void addLetter(ConsumerRecord<byte[], byte[]> record) {
    DeadLetter letter = answersClick(record.headers()) ? DeadLetter.read(record) : null;
    if (letter == null || replayed.contains(letter.id())) {
      return;
    }
    answers++;
    Tally tally = letters.computeIfAbsent(letter.reason(), reason -> new Tally());
    tally.letters++;
    String detail = SafeText.masked(letter.detail());
    tally.details.merge(detail, 1L, Long::sum);
    tally.newest.put(detail, letter.id());
  }

  private boolean answersClick(Headers headers) {
    RecordCoordinates source =
        RecordCoordinates.parse(HeaderNames.text(headers, HeaderNames.SOURCE));
    return source != null
        && source.topic().equals(payloads)
        && source.offset() >= begins.getOrDefault(source.partition(), Long.MAX_VALUE);
  }

  /**
   * Returns the findings.
   *
   * @param since maximum age of the clicks
   * @param overdue how many clicks are older than any may be without an answer
   */
  List<Finding> findings(Duration since, long overdue) {
    if (answers == 0) {
      return List.of(unanswered(since, overdue));
    }
    List<Finding> wrong = new ArrayList<>();
    letters.entrySet().stream()
        .filter(entry -> isTooMany(entry.getKey(), entry.getValue().letters))
        .sorted(
            Comparator.comparingLong((Map.Entry<Reason, Tally> entry) -> entry.getValue().letters)
                .reversed())
        .limit(MOST_REASONS)
        .forEach(entry -> wrong.add(wrong(entry.getKey(), entry.getValue())));
    return wrong.isEmpty() ? List.of(new Fine(CHECK, shares(since))) : wrong;
  }

  private Finding unanswered(Duration since, long overdue) {
    if (overdue == 0) {
      return new Fine(
          CHECK,
          clicks == 0
              ? "no clicks in " + Units.time(since)
              : "%s of %s, and no answer yet"
                  .formatted(Units.count(clicks, "click"), Units.time(since)));
    }
    return new Wrong(
        CHECK,
        "none of %s of %s has an answer, though %s long overdue"
            .formatted(
                Units.count(clicks, "click"),
                Units.time(since),
                overdue == 1 ? "1 is" : Units.number(overdue) + " are"),
        "see what is said of the group; if that is well, see that wxphone run and this command name"
            + " the same topics (wxphone.topic.*)");
  }

  /** Returns whether so many letters of a reason are more than people and chance bring about. */
  private boolean isTooMany(Reason reason, long count) {
    double share = (double) count / answers;
    return switch (reason) {
      case SUPERSEDED, MALFORMED_SESSION_KEY -> false;
      case USER_DENIED, PHONE_NOT_BOUND -> share >= 0.9 && count >= MANY_PEOPLE;
      case INVALID_OPENID, WRONG_PARTITION, WECHAT_REFUSED, APPID_MISMATCH, PROCESSING_FAILED ->
          share >= 0.01;
      default -> share >= 0.1 && (count > 1 || profiles == 0);
    };
  }

  private Finding wrong(Reason reason, Tally tally) {
    String commonest =
        tally.details.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    // Each sentence is: what is wrong; what to do.
    int semicolon = commonest.indexOf("; ");
    String what = semicolon < 0 ? commonest : commonest.substring(0, semicolon);
    String remedy =
        semicolon < 0
            ? "wxphone dead-letters show " + tally.newest.get(commonest)
            : commonest.substring(semicolon + 2, commonest.length() - 1);
    return new Wrong(
        CHECK,
        "%s of %s are %s, as letter %s: %s"
            .formatted(
                Units.share(tally.letters, answers),
                Units.count(answers, "answer"),
                reason,
                tally.newest.get(commonest),
                what),
        reason == Reason.USER_DENIED
            ? "click the button yourself: all decline where the page does not say what the number is for, or"
                + " where the privacy guide is not accepted first"
            : remedy);
  }

  private String shares(Duration since) {
    List<String> parts = new ArrayList<>();
    letters.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<Reason, Tally> entry) -> entry.getValue().letters)
                .reversed())
        .limit(MOST_REASONS)
        .forEach(
            entry ->
                parts.add(Units.share(entry.getValue().letters, answers) + " " + entry.getKey()));
    return "%s to clicks of %s: %s became profiles%s"
        .formatted(
            Units.count(answers, "answer"),
            Units.time(since),
            Units.share(profiles, answers),
            parts.isEmpty() ? "" : ", " + String.join(", ", parts));
  }
}
