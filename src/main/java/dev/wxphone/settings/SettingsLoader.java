package dev.wxphone.settings;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Merges the sources of settings and parses the values. */
final class SettingsLoader {
  private SettingsLoader() {}

  static Settings load(
      String fileName,
      Map<String, String> file,
      Map<String, String> environment,
      Map<String, String> overrides,
      Environment.SecretFiles secretFiles,
      Consumer<String> warnings) {
    Map<String, RawValue> given = new TreeMap<>();
    given.putAll(named(file, "in " + SafeText.shortened(fileName)));
    given.putAll(Environment.read(environment, secretFiles, warnings));
    given.putAll(named(overrides, "-D"));
    return new Settings(
        Setting.APPIDS.read(given),
        Setting.SESSION_KEYS.read(given),
        Setting.SESSION_WAIT.read(given),
        Setting.SESSION_FAILURES.read(given),
        Setting.SESSION_WAIT_MAX.read(given),
        Setting.WATERMARK_MAX_AGE.read(given),
        Setting.USERS_IDLE.read(given),
        Setting.REROUTE.read(given),
        topics(given),
        Setting.HTTP_PORT.read(given),
        Setting.HTTP_HOST.read(given),
        Setting.ROCKSDB_MEGABYTES.read(given),
        kafka(given));
  }

  private static TopicNames topics(Map<String, RawValue> given) {
    try {
      return new TopicNames(
          Setting.TOPIC_PHONE_PAYLOAD.read(given),
          Setting.TOPIC_SESSION_KEY.read(given),
          Setting.TOPIC_USER_PROFILE.read(given),
          Setting.TOPIC_DEAD_LETTER.read(given),
          Setting.TOPIC_DEAD_LETTER_AUDIT.read(given));
    } catch (IllegalArgumentException e) {
      throw OperatorException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the error for a setting of sealing, which this version does not implement. */
  static OperatorException sealingRefused(String key, String origin) {
    return OperatorException.usage(
        "%s (%s): this version cannot seal session keys, and would store them in clear, so it does not start; remove wxphone.kek.*"
            .formatted(SafeText.shortened(key), origin));
  }

  private static Map<String, RawValue> named(Map<String, String> source, String origin) {
    Map<String, RawValue> given = new TreeMap<>();
    new TreeMap<>(source)
        .forEach(
            (key, value) -> {
              refuseUnknown(key, origin);
              given.put(key, new RawValue(value, origin, true));
            });
    return given;
  }

  private static void refuseUnknown(String key, String origin) {
    if (Setting.isSealing(key)) {
      throw sealingRefused(key, origin);
    }
    if (Setting.isOurs(key) && !Setting.isKnown(key)) {
      throw OperatorException.usage(
          "%s (%s): there is no such setting; did you mean %s?"
              .formatted(SafeText.shortened(key), origin, Setting.nearestTo(key)));
    }
  }

  private static Map<String, String> kafka(Map<String, RawValue> given) {
    Map<String, String> kafka = new TreeMap<>();
    given.forEach(
        (key, text) -> {
          if (!Setting.isOurs(key)) {
            kafka.put(key, text.value());
          }
        });
    return kafka;
  }
}
