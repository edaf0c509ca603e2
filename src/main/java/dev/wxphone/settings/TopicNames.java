package dev.wxphone.settings;

import dev.wxphone.operator.OneLine;
import dev.wxphone.operator.OperatorException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The names of our five topics, each legal in Kafka and no two the same. */
public record TopicNames(
    String phonePayload,
    String sessionKey,
    String userProfile,
    String deadLetter,
    String deadLetterAudit) {

  static final String LEGAL =
      "a topic name (1 to 249 letters, digits, '.', '_' and '-'; not '.' or '..')";

  private static final Pattern LEGAL_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  public TopicNames {
    // One topic in two roles would feed our own answers back to us.
    Map<String, String> keys = new HashMap<>();
    for (Named topic :
        List.of(
            new Named(Setting.TOPIC_PHONE_PAYLOAD.key(), phonePayload),
            new Named(Setting.TOPIC_SESSION_KEY.key(), sessionKey),
            new Named(Setting.TOPIC_USER_PROFILE.key(), userProfile),
            new Named(Setting.TOPIC_DEAD_LETTER.key(), deadLetter),
            new Named(Setting.TOPIC_DEAD_LETTER_AUDIT.key(), deadLetterAudit))) {
      if (!isLegal(topic.name())) {
        throw OperatorException.usage(
            "%s: expected %s, not %s".formatted(topic.key(), LEGAL, OneLine.quoted(topic.name())));
      }
      String other = keys.put(topic.name(), topic.key());
      if (other != null) {
        throw OperatorException.usage(
            "%s and %s both name the topic %s; give each a topic of its own"
                .formatted(other, topic.key(), OneLine.quoted(topic.name())));
      }
    }
  }

  /** The names in force, by the names that the topics have by default. */
  public Map<String, String> byDefaultName() {
    return Map.of(
        Setting.TOPIC_PHONE_PAYLOAD.defaultText(), phonePayload,
        Setting.TOPIC_SESSION_KEY.defaultText(), sessionKey,
        Setting.TOPIC_USER_PROFILE.defaultText(), userProfile,
        Setting.TOPIC_DEAD_LETTER.defaultText(), deadLetter,
        Setting.TOPIC_DEAD_LETTER_AUDIT.defaultText(), deadLetterAudit);
  }

  static boolean isLegal(String name) {
    return LEGAL_NAME.matcher(name).matches();
  }

  private record Named(String key, String name) {}
}
