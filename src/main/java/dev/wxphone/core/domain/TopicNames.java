package dev.wxphone.core.domain;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The names of our five topics: legal in Kafka, and distinct. */
public record TopicNames(
    String phonePayload,
    String sessionKey,
    String userProfile,
    String deadLetter,
    String deadLetterAudit) {

  /** The rule for topic names, in words. */
  public static final String LEGAL =
      "a topic name (1 to 249 letters, digits, '.', '_' and '-'; not '.' or '..')";

  private static final Pattern LEGAL_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  /**
   * Checks the names. A topic in two roles would feed our own answers back to us.
   *
   * @throws IllegalArgumentException if a name is illegal or two are the same; the message names
   *     the settings
   */
  public TopicNames {
    Map<TopicRole, String> names = new EnumMap<>(TopicRole.class);
    names.put(TopicRole.PHONE_PAYLOAD, phonePayload);
    names.put(TopicRole.SESSION_KEY, sessionKey);
    names.put(TopicRole.USER_PROFILE, userProfile);
    names.put(TopicRole.DEAD_LETTER, deadLetter);
    names.put(TopicRole.DEAD_LETTER_AUDIT, deadLetterAudit);
    Map<String, TopicRole> roles = new HashMap<>();
    names.forEach(
        (role, name) -> {
          if (!isLegal(name)) {
            throw new IllegalArgumentException(role.settingKey() + ": expected " + LEGAL);
          }
          TopicRole other = roles.put(name, role);
          if (other != null) {
            throw new IllegalArgumentException(
                "%s and %s both name the topic \"%s\"; give each a topic of its own"
                    .formatted(other.settingKey(), role.settingKey(), name));
          }
        });
  }

  /** Returns the name of the topic of a role. */
  public String of(TopicRole role) {
    return switch (role) {
      case PHONE_PAYLOAD -> phonePayload;
      case SESSION_KEY -> sessionKey;
      case USER_PROFILE -> userProfile;
      case DEAD_LETTER -> deadLetter;
      case DEAD_LETTER_AUDIT -> deadLetterAudit;
    };
  }

  /** Returns the names by the topics' default names. */
  public Map<String, String> byDefaultName() {
    Map<String, String> names = new TreeMap<>();
    for (TopicRole role : TopicRole.values()) {
      names.put(role.defaultName(), of(role));
    }
    return names;
  }

  /** Returns whether Kafka accepts a topic of that name. */
  public static boolean isLegal(String name) {
    return LEGAL_NAME.matcher(name).matches();
  }
}
