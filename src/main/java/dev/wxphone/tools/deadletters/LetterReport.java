package dev.wxphone.tools.deadletters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterHistory;
import dev.wxphone.letters.LetterTopic;
import dev.wxphone.operator.Foreign;
import dev.wxphone.operator.LineWrap;
import dev.wxphone.operator.TextStyle;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one letter, in the order in which a person wants to read it: what happened,
 * why, what to do, what became of it.
 */
public final class LetterReport {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss XXX", Locale.ROOT);
  private static final int NAME = 13;

  private final AssessedLetter examined;
  private final DeadLetter letter;
  private final LetterHistory became;
  private final LetterTopic topic;
  private final Instant now;

  /** The sheet of a letter. */
  public LetterReport(
      AssessedLetter examined, LetterHistory became, LetterTopic topic, Instant now) {
    this.examined = examined;
    this.letter = examined.letter();
    this.became = became;
    this.topic = topic;
    this.now = now;
  }

  /** Lines for a person, at most 80 columns wide as far as what was received allows. */
  public List<String> text(ZoneId zone, TextStyle paint) {
    List<String> lines = new ArrayList<>(List.of(paint.bold("Dead letter " + letter.id()), ""));
    lines(zone).forEach(line -> lines.add(painted(line, paint)));
    return lines;
  }

  private List<String> lines(ZoneId zone) {
    List<String> lines = new ArrayList<>();
    put(lines, "What happened", letter.reason() + ", attempt " + letter.attempt());
    put(lines, "", "clicked  " + when(letter.timestamp(), zone));
    put(lines, "", "came     " + when(letter.appendedAt(), zone) + ", " + ago());
    put(lines, "", "openid   " + Foreign.openid(letter));
    lines.add("");
    put(lines, "Why", Foreign.whole(letter.detail()));
    if (letter.keysTried() > 0) {
      String keys = letter.keysTried() == 1 ? " session key was tried" : " session keys were tried";
      put(lines, "", letter.keysTried() + keys);
    }
    lines.add("");
    put(lines, "What to do", whatToDo());
    lines.add("");
    put(lines, "What became", history(zone));
    lines.add("");
    put(lines, "Answers", letter.source().toString());
    if (letter.reroutedFrom() != null) {
      put(lines, "", "which came from " + Foreign.shown(letter.reroutedFrom()));
    }
    if (letter.replayedFrom() != null) {
      put(lines, "", "the replay of letter " + letter.replayedFrom());
    }
    put(lines, "Value", value());
    List<String> headers = new ArrayList<>();
    letter
        .headers()
        .forEach(h -> headers.add(Foreign.shown(h.key()) + ": " + Foreign.shown(h.value())));
    put(lines, "Headers", headers);
    return lines;
  }

  /** The name is faint and a command stands out. */
  private static String painted(String line, TextStyle paint) {
    if (line.length() < NAME) {
      return line;
    }
    String name = line.substring(0, NAME);
    String text = line.substring(NAME);
    return (name.isBlank() ? name : paint.faint(name))
        + (text.startsWith("  wxphone ") ? paint.bold(text) : text);
  }

  private static void put(List<String> lines, String name, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      put(lines, i == 0 ? name : "", texts.get(i));
    }
  }

  private static void put(List<String> lines, String name, String text) {
    String heading = String.format(Locale.ROOT, "%-" + NAME + "s  ", name);
    lines.addAll(LineWrap.TERMINAL.lines(heading, text));
  }

  private static String when(long millis, ZoneId zone) {
    return WHEN.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  private String ago() {
    Duration ago = Duration.between(Instant.ofEpochMilli(letter.appendedAt()), now);
    return ago.isNegative() ? "just now" : about(ago) + " ago";
  }

  private static String about(Duration duration) {
    long minutes = Math.round(duration.toSeconds() / 60.0);
    long hours = Math.round(minutes / 60.0);
    return minutes < 2
        ? duration.toSeconds() + " s"
        : hours < 2
            ? minutes + " min"
            : hours < 48 ? hours + " hours" : Math.round(hours / 24.0) + " days";
  }

  private String value() {
    return letter.withheld() >= 0
        ? letter.withheld()
            + " bytes, withheld: it would hold a session key, or was too large to copy"
        : letter.value() == null ? "null" : letter.value().length + " bytes, not shown";
  }

  private List<String> whatToDo() {
    AuditRecord audit = examined.audit();
    if (audit != null) {
      DeadLetterId back = cameBackAs();
      return audit.action() == AuditRecord.Action.PARKED
          ? List.of("Nothing: it was parked.")
          : List.of(back == null ? "Nothing: it was replayed." : "See letter " + back + ".");
    }
    return switch (examined.standing()) {
      case WOULD_SUCCEED ->
          List.of(
              "Replay it: it would become a profile now.", "wxphone replay --id " + letter.id());
      case WOULD_FAIL -> wouldFail();
      case OVER_LIMIT ->
          List.of(
              "Nothing by itself: its payload was tried %d times. To try it all the same:"
                  .formatted(letter.attempt()),
              "wxphone replay --all --id %s --max-attempts %d"
                  .formatted(letter.id(), letter.attempt() + 1));
      case NOT_REPLAYABLE -> List.of(notReplayable());
      case REPLAYED, PARKED -> List.of("Nothing.");
    };
  }

  private @Nullable DeadLetterId cameBackAs() {
    List<LetterHistory.Answer> answers = became.answers();
    return answers.isEmpty() ? null : answers.get(answers.size() - 1).letter();
  }

  private List<String> wouldFail() {
    String park = "wxphone park " + letter.id();
    return switch (letter.recovery()) {
      case REPLAY -> {
        if (examined.verdict() instanceof Verdict.Refused refused
            && refused.reason() != letter.reason()) {
          yield List.of(
              "A replay now would fail with " + refused.reason() + ": " + refused.detail(), park);
        }
        boolean needsKey =
            letter.reason() == Reason.SESSION_KEY_MISSING
                || letter.reason() == Reason.SESSION_KEY_STALE;
        yield List.of(
            needsKey
                ? "Publish the login of this click, then replay. If its wx.login code is older"
                    + " than 5 minutes and was never exchanged, ask the user for a new click and"
                    + " park this letter."
                : "A replay now would fail in the same way; park it, or mend what it says first.",
            park);
      }
      case CLICK_AGAIN -> List.of("Ask the user for a new click.");
      case NEVER ->
          List.of("No replay helps this letter. If something can be mended, Why says so.");
    };
  }

  private String notReplayable() {
    return letter.withheld() >= 0
        ? "Its value is not here, so it can't be replayed: publish the record again, rightly."
        : "It is no payload, so it can't be replayed: publish the record again, rightly.";
  }

  private List<String> history(ZoneId zone) {
    List<String> lines = new ArrayList<>();
    for (AuditRecord entry : became.audit()) {
      lines.add(
          "%s  %s by %s%s"
              .formatted(
                  when(entry.at().toEpochMilli(), zone),
                  entry.action().text(),
                  Foreign.shown(entry.by()),
                  entry.why() == null ? "" : ": " + Foreign.shown(entry.why())));
    }
    for (LetterHistory.Answer answer : became.answers()) {
      lines.add(
          answer.letter() == null
              ? "It became a profile."
              : "%s  came back as letter %s, %s"
                  .formatted(when(answer.at(), zone), answer.letter(), answer.reason()));
    }
    if (became.answers().isEmpty() && isReplayed()) {
      lines.add("No answer is there: it waits still, or a newer profile has taken its place.");
    }
    if (became.audit().isEmpty()) {
      lines.add((examined.isOpen() ? "Open" : "Nobody dealt with it") + "; " + expiry(zone) + ".");
    }
    return lines;
  }

  private boolean isReplayed() {
    return became.audit().stream().anyMatch(e -> e.action() == AuditRecord.Action.REPLAYED);
  }

  private String expiry(ZoneId zone) {
    long at = topic.expiry(letter.appendedAt());
    return at == Long.MAX_VALUE
        ? "it is kept for ever"
        : "it expires on "
            + when(at, zone)
            + ", in "
            + about(Duration.between(now, Instant.ofEpochMilli(at)));
  }

  /** One JSON object. */
  public String json() {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", letter.id().toString())
            .put("reason", letter.reason().name())
            .put("detail", Foreign.whole(letter.detail()))
            .put("recovery", letter.recovery().text())
            .put("attempt", letter.attempt())
            .put("keysTried", letter.keysTried())
            .put("openid", Foreign.openid(letter))
            .put("clickedAt", Instant.ofEpochMilli(letter.timestamp()).toString())
            .put("appendedAt", Instant.ofEpochMilli(letter.appendedAt()).toString())
            .put("open", examined.isOpen())
            .put("standing", examined.standing().text());
    long expiry = topic.expiry(letter.appendedAt());
    putPresent(
        object,
        "expiresAt",
        expiry == Long.MAX_VALUE ? null : Instant.ofEpochMilli(expiry).toString());
    if (examined.verdict() instanceof Verdict.Refused refused) {
      object.put("wouldFailWith", refused.reason().name());
    }
    object.put("source", letter.source().toString());
    putPresent(
        object,
        "reroutedFrom",
        letter.reroutedFrom() == null ? null : Foreign.shown(letter.reroutedFrom()));
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
          .put("key", Foreign.shown(header.key()))
          .put("value", Foreign.shown(header.value()));
    }
    ArrayNode audit = object.putArray("audit");
    for (AuditRecord entry : became.audit()) {
      ObjectNode node =
          audit
              .addObject()
              .put("action", entry.action().text())
              .put("at", entry.at().toString())
              .put("by", Foreign.shown(entry.by()))
              .put("run", Foreign.shown(entry.run()));
      putPresent(node, "why", entry.why() == null ? null : Foreign.shown(entry.why()));
    }
    ArrayNode answers = object.putArray("answers");
    for (LetterHistory.Answer answer : became.answers()) {
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
