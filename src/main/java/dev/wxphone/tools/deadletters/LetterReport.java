package dev.wxphone.tools.deadletters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterHistory;
import dev.wxphone.letters.LetterTopic;
import dev.wxphone.operator.LineWrap;
import dev.wxphone.operator.SafeText;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** All that is known of one letter: what happened, why, what to do, what became of it. */
final class LetterReport {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss XXX", Locale.ROOT);
  private static final int NAME_WIDTH = 13;

  private final AssessedLetter assessed;
  private final DeadLetter letter;
  private final LetterHistory history;
  private final LetterTopic topic;
  private final Instant now;

  LetterReport(AssessedLetter assessed, LetterHistory history, LetterTopic topic, Instant now) {
    this.assessed = assessed;
    this.letter = assessed.letter();
    this.history = history;
    this.topic = topic;
    this.now = now;
  }

  /** Returns lines of at most 80 columns, unless a word of what was received is longer. */
  List<String> text(ZoneId zone, TextStyle style) {
    List<String> lines = new ArrayList<>(List.of(style.bold("Dead letter " + letter.id()), ""));
    lines(zone).forEach(line -> lines.add(styled(line, style)));
    return lines;
  }

  private List<String> lines(ZoneId zone) {
    List<String> lines = new ArrayList<>();
    put(lines, "What happened", letter.reason() + ", attempt " + letter.attempt());
    put(lines, "", "clicked  " + when(letter.clickedAt().toEpochMilli(), zone));
    put(lines, "", "came     " + when(letter.appendedAt(), zone) + ", " + ago());
    put(lines, "", "openid   " + assessed.printableOpenid());
    if (letter.errno() != null) {
      put(lines, "", "errno    " + letter.errno() + ", as WeChat gave it");
    }
    if (letter.codeUntil() != null) {
      put(lines, "", "code     " + exchange(letter.codeUntil(), zone));
    }
    lines.add("");
    put(lines, "Why", SafeText.masked(letter.detail()));
    if (letter.keysTried() > 0) {
      put(
          lines,
          "",
          Units.count(letter.keysTried(), "session key")
              + (letter.keysTried() == 1 ? " was tried" : " were tried"));
    }
    lines.add("");
    put(lines, "What to do", LetterAdvice.of(assessed, history));
    lines.add("");
    put(lines, "What became", whatBecame(zone));
    lines.add("");
    put(lines, "Answers", letter.source().toString());
    if (letter.reroutedFrom() != null) {
      put(lines, "", "which came from " + SafeText.excerpt(letter.reroutedFrom()));
    }
    if (letter.replayedFrom() != null) {
      put(lines, "", "the replay of letter " + letter.replayedFrom());
    }
    put(lines, "Value", value());
    List<String> headers = new ArrayList<>();
    letter
        .headers()
        .forEach(h -> headers.add(SafeText.excerpt(h.key()) + ": " + SafeText.excerpt(h.value())));
    put(lines, "Headers", headers);
    return lines;
  }

  /** Names are faint, commands are bold. */
  private static String styled(String line, TextStyle style) {
    if (line.length() < NAME_WIDTH) {
      return line;
    }
    String name = line.substring(0, NAME_WIDTH);
    String text = line.substring(NAME_WIDTH);
    return (name.isBlank() ? name : style.faint(name))
        + (text.startsWith("  wxphone ") ? style.bold(text) : text);
  }

  private static void put(List<String> lines, String name, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      put(lines, i == 0 ? name : "", texts.get(i));
    }
  }

  private static void put(List<String> lines, String name, String text) {
    String heading = String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s  ", name);
    lines.addAll(LineWrap.TERMINAL.lines(heading, text));
  }

  private static String when(long millis, ZoneId zone) {
    return WHEN.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  private String ago() {
    Duration ago = Duration.between(Instant.ofEpochMilli(letter.appendedAt()), now);
    return ago.isNegative() ? "just now" : Units.about(ago) + " ago";
  }

  private String exchange(Instant until, ZoneId zone) {
    Duration left = Duration.between(now, until);
    return left.isNegative()
        ? "too old to be exchanged since " + when(until.toEpochMilli(), zone)
        : "can be exchanged until %s, for %s"
            .formatted(when(until.toEpochMilli(), zone), Units.about(left));
  }

  private String value() {
    if (letter.withheld() >= 0) {
      return Units.count(letter.withheld(), "byte")
          + ", withheld: it would hold a session key, or was too large to copy";
    }
    return letter.value() == null
        ? "null"
        : Units.count(letter.value().length, "byte") + ", not shown";
  }

  private List<String> whatBecame(ZoneId zone) {
    List<String> lines = new ArrayList<>();
    for (AuditRecord entry : history.audit()) {
      lines.add(
          "%s  %s by %s%s"
              .formatted(
                  when(entry.at().toEpochMilli(), zone),
                  entry.action().text(),
                  SafeText.excerpt(entry.by()),
                  entry.why() == null ? "" : ": " + SafeText.excerpt(entry.why())));
    }
    for (LetterHistory.Answer answer : history.answers()) {
      lines.add(
          answer.letter() == null
              ? "It became a profile."
              : "%s  came back as letter %s, %s"
                  .formatted(when(answer.at(), zone), answer.letter(), answer.reason()));
    }
    if (history.answers().isEmpty() && isReplayed()) {
      lines.add("There is no answer: it still waits, or a newer profile has taken its place.");
    }
    if (history.audit().isEmpty()) {
      lines.add((assessed.isOpen() ? "Open" : "Nobody dealt with it") + "; " + expiry(zone) + ".");
    }
    return lines;
  }

  private boolean isReplayed() {
    return history.audit().stream().anyMatch(e -> e.action() == AuditRecord.Action.REPLAYED);
  }

  private String expiry(ZoneId zone) {
    long at = topic.expiry(letter.appendedAt());
    return at == Long.MAX_VALUE
        ? "it is kept for ever"
        : "it expires on "
            + when(at, zone)
            + ", in "
            + Units.about(Duration.between(now, Instant.ofEpochMilli(at)));
  }

  /** Returns one JSON object. */
  String json() {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", letter.id().toString())
            .put("reason", letter.reason().name())
            .put("detail", SafeText.masked(letter.detail()))
            .put("recovery", letter.recovery().text())
            .put("attempt", letter.attempt())
            .put("keysTried", letter.keysTried())
            .put("openid", assessed.printableOpenid())
            .put("clickedAt", letter.clickedAt().toString())
            .put("appendedAt", Instant.ofEpochMilli(letter.appendedAt()).toString())
            .put("open", assessed.isOpen())
            .put("standing", assessed.status().text());
    long expiry = topic.expiry(letter.appendedAt());
    putPresent(
        object,
        "expiresAt",
        expiry == Long.MAX_VALUE ? null : Instant.ofEpochMilli(expiry).toString());
    if (assessed.verdict() instanceof Verdict.Refused refused) {
      object.put("wouldFailWith", refused.reason().name());
    }
    if (letter.errno() != null) {
      object.put("errno", letter.errno());
    }
    putPresent(
        object, "codeUntil", letter.codeUntil() == null ? null : letter.codeUntil().toString());
    object.put("source", letter.source().toString());
    putPresent(
        object,
        "reroutedFrom",
        letter.reroutedFrom() == null ? null : SafeText.excerpt(letter.reroutedFrom()));
    putPresent(
        object, "replayedFrom", letter.replayedFrom() == null ? null : letter.replayedFrom() + "");
    object.put("valueBytes", letter.value() == null ? -1 : letter.value().length);
    if (letter.withheld() >= 0) {
      object.put("withheld", letter.withheld());
    }
    ArrayNode headers = object.putArray("headers");
    for (Header header : letter.headers()) {
      headers
          .addObject()
          .put("key", SafeText.excerpt(header.key()))
          .put("value", SafeText.excerpt(header.value()));
    }
    ArrayNode audit = object.putArray("audit");
    for (AuditRecord entry : history.audit()) {
      ObjectNode node =
          audit
              .addObject()
              .put("action", entry.action().text())
              .put("at", entry.at().toString())
              .put("by", SafeText.excerpt(entry.by()))
              .put("run", SafeText.excerpt(entry.run()));
      putPresent(node, "why", entry.why() == null ? null : SafeText.excerpt(entry.why()));
    }
    ArrayNode answers = object.putArray("answers");
    for (LetterHistory.Answer answer : history.answers()) {
      ObjectNode node = answers.addObject();
      if (answer.letter() == null) {
        node.put("became", "profile");
      } else {
        node.put("became", "dead-letter")
            .put("id", answer.letter().toString())
            .put("reason", String.valueOf(answer.reason()));
      }
    }
    return object.toString();
  }

  private static void putPresent(ObjectNode object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }
}
