package dev.wxphone.settings;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import dev.wxphone.operator.Suggestion;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A setting of ours: how it is parsed, explained and suggested.
 *
 * @param key the key as written in a file or after {@code -D}
 * @param defaultText the default, as written in a file
 * @param meaning one sentence on what it does
 * @param expected what follows "expected" in an error
 * @param parser parses the stripped text; empty if the text is invalid
 */
public record Setting<T>(
    String key,
    String defaultText,
    String meaning,
    String expected,
    Function<String, Optional<T>> parser) {

  static final String PREFIX = "wxphone.";

  public static final Setting<SortedSet<String>> APPIDS =
      new Setting<>(
          "wxphone.appids",
          "",
          "The appids that are ours, separated by commas; if empty, the appid of the session key's"
              + " record counts.",
          "appids separated by commas",
          Setting::parseAppids);

  public static final Setting<Integer> SESSION_KEYS =
      wholeNumber(
          "wxphone.session.keys",
          "3",
          "How many of an openid's latest distinct session keys are kept and tried.",
          1,
          16);

  public static final Setting<Duration> SESSION_WAIT =
      duration(
          "wxphone.session.wait",
          "PT10S",
          "How long a payload whose key is missing or stale waits for its key before it becomes a"
              + " dead letter; PT0S turns waiting off.",
          Duration.ZERO,
          Duration.ofMinutes(10),
          "PT0S to PT10M, such as PT10S");

  public static final Setting<Integer> SESSION_FAILURES =
      wholeNumber(
          "wxphone.session.failures",
          "50",
          "How many payloads of one openid may be stale within 24 hours under the same newest session"
              + " key; further ones are not tried and do not wait.",
          1,
          1000);

  public static final Setting<Integer> SESSION_WAIT_MAX =
      wholeNumber(
          "wxphone.session.wait.max",
          "8",
          "How many payloads of one openid may wait; one more goes to the dead letters at once.",
          1,
          1000);

  public static final Setting<Duration> WATERMARK_MAX_AGE =
      duration(
          "wxphone.watermark.max-age",
          "P3D",
          "How far a watermark may lie before its record's timestamp.",
          Duration.ofSeconds(1),
          Duration.ofDays(365),
          "PT1S to P365D, such as P3D");

  public static final Setting<Duration> USERS_IDLE =
      duration(
          "wxphone.users.idle",
          "P90D",
          "After how long without a login or a proven click what is stored of an openid is dropped; at"
              + " least the retention of dead-letter and wxphone.watermark.max-age together.",
          Duration.ofSeconds(1),
          Duration.ofDays(36_500),
          "PT1S to P36500D, such as P90D");

  public static final Setting<Boolean> REROUTE =
      new Setting<>(
          "wxphone.reroute",
          "true",
          "Whether a record in the wrong partition is sent once more to its own topic, properly"
              + " partitioned, instead of failing.",
          "true or false",
          Setting::parseBoolean);

  public static final Setting<String> TOPIC_PHONE_PAYLOAD =
      topic(TopicRole.PHONE_PAYLOAD, "The topic that callbacks are read from.");

  public static final Setting<String> TOPIC_SESSION_KEY =
      topic(TopicRole.SESSION_KEY, "The topic that session keys are read from.");

  public static final Setting<String> TOPIC_USER_PROFILE =
      topic(TopicRole.USER_PROFILE, "The topic that profiles are written to.");

  public static final Setting<String> TOPIC_DEAD_LETTER =
      topic(TopicRole.DEAD_LETTER, "The topic for what could not become a profile.");

  public static final Setting<String> TOPIC_DEAD_LETTER_AUDIT =
      topic(
          TopicRole.DEAD_LETTER_AUDIT,
          "The topic that says which dead letters were replayed or parked.");

  public static final Setting<Integer> HTTP_PORT =
      wholeNumber(
          "wxphone.http.port",
          "8080",
          "The port of /live, /ready and /metrics; 0 is any free one, -1 turns them off.",
          -1,
          65535);

  public static final Setting<String> HTTP_HOST =
      new Setting<>(
          "wxphone.http.host",
          "",
          "The host name or address of this machine that serves /live, /ready and /metrics; if"
              + " empty, all addresses do.",
          "a host name or an address, such as 127.0.0.1",
          Setting::parseHost);

  public static final Setting<Integer> ROCKSDB_MEGABYTES =
      wholeNumber(
          "wxphone.rocksdb.megabytes",
          "128",
          "Memory that the state stores of this process may take together, outside of Java's heap,"
              + " whatever the number of partitions.",
          16,
          1_048_576);

  /** All settings of ours, in the order in which they are shown. */
  public static final List<Setting<?>> ALL =
      List.of(
          APPIDS,
          SESSION_KEYS,
          SESSION_WAIT,
          SESSION_FAILURES,
          SESSION_WAIT_MAX,
          WATERMARK_MAX_AGE,
          USERS_IDLE,
          REROUTE,
          TOPIC_PHONE_PAYLOAD,
          TOPIC_SESSION_KEY,
          TOPIC_USER_PROFILE,
          TOPIC_DEAD_LETTER,
          TOPIC_DEAD_LETTER_AUDIT,
          HTTP_PORT,
          HTTP_HOST,
          ROCKSDB_MEGABYTES);

  // Known by name only, to be refused, and suggested for a misspelt one.
  private static final List<String> SEALING_KEYS =
      List.of("wxphone.kek.active", "wxphone.kek.required", "wxphone.kek.key.<id>");

  // A semicolon or a space is a wrong separator, and would make one appid that matches nothing.
  private static final Pattern APPID = Pattern.compile("[^\\s;]+");

  /** An IPv6 address may have a zone, and the brackets that it has in a URL. */
  private static final Pattern HOST =
      Pattern.compile("|[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");

  static boolean isOurs(String key) {
    return key.startsWith(PREFIX);
  }

  static boolean isKnown(String key) {
    return ALL.stream().anyMatch(setting -> setting.key.equals(key));
  }

  static boolean isSealing(String key) {
    return key.equals("wxphone.kek") || key.startsWith("wxphone.kek.");
  }

  /** Returns the known key with the smallest edit distance from an unknown one. */
  static String nearestTo(String unknown) {
    List<String> known =
        Stream.concat(ALL.stream().map(Setting::key), SEALING_KEYS.stream()).toList();
    return Suggestion.nearest(unknown, known).orElseThrow();
  }

  /**
   * Returns the value.
   *
   * @throws OperatorException (usage) if it is invalid; the message names its origin
   */
  T read(Map<String, RawValue> given) {
    RawValue text = given.getOrDefault(key, new RawValue(defaultText, "default", true));
    return parser
        .apply(text.value().strip())
        .orElseThrow(
            () ->
                OperatorException.usage(
                    "%s (%s): expected %s%s"
                        .formatted(
                            key,
                            text.origin(),
                            expected,
                            text.quotable() ? ", not " + SafeText.quoted(text.value()) : "")));
  }

  private static Setting<Integer> wholeNumber(
      String key, String defaultText, String meaning, int min, int max) {
    return new Setting<>(
        key,
        defaultText,
        meaning,
        "a whole number from %d to %d".formatted(min, max),
        text -> parseInt(text).filter(number -> min <= number && number <= max));
  }

  private static Setting<Duration> duration(
      String key, String defaultText, String meaning, Duration min, Duration max, String range) {
    return new Setting<>(
        key,
        defaultText,
        meaning,
        "an ISO-8601 duration from " + range,
        text ->
            parseDuration(text)
                .filter(time -> min.compareTo(time) <= 0 && time.compareTo(max) <= 0));
  }

  private static Setting<String> topic(TopicRole role, String meaning) {
    return new Setting<>(
        role.settingKey(),
        role.defaultName(),
        meaning,
        TopicNames.LEGAL,
        text -> Optional.of(text).filter(TopicNames::isLegal));
  }

  private static Optional<SortedSet<String>> parseAppids(String text) {
    SortedSet<String> appids = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      String appid = part.strip();
      if (!appid.isEmpty() && !APPID.matcher(appid).matches()) {
        return Optional.empty();
      }
      if (!appid.isEmpty()) {
        appids.add(appid);
      }
    }
    return Optional.of(appids);
  }

  private static Optional<String> parseHost(String text) {
    return Optional.of(text).filter(host -> HOST.matcher(host).matches());
  }

  private static Optional<Boolean> parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> parseInt(String text) {
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  // Kafka counts in milliseconds: a shorter duration would be neither zero nor positive.
  private static Optional<Duration> parseDuration(String text) {
    try {
      return Optional.of(Duration.parse(text).truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
