package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the records of {@code session-key} are logins; reports nothing of their content.
 */
final class SessionKeysCheck {
  static final String CHECK = "session keys";

  private final String topic;
  private final boolean appidNeeded;
  private final Map<String, Long> sentences = new HashMap<>();
  private final Map<String, RecordCoordinates> newest = new HashMap<>();
  private long logins;
  private long malformed;

  /**
   * Creates the check.
   *
   * @param appidNeeded whether each record must name its app, as no setting does
   */
  SessionKeysCheck(String topic, boolean appidNeeded) {
    this.topic = topic;
    this.appidNeeded = appidNeeded;
  }

  /** Takes a record into account; null is a logout, if its key is an openid. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    boolean ours =
        record.headers().lastHeader(HeaderNames.REROUTED_FROM) != null
            || record.headers().lastHeader(HeaderNames.REROUTED_TO) != null;
    byte @Nullable [] key = record.key();
    byte @Nullable [] value = record.value();
    boolean hasOpenid = key != null && Openid.isOne(key);
    if (ours || (value == null && hasOpenid)) {
      return;
    }
    logins++;
    String sentence = sentence(key, value);
    if (sentence != null) {
      malformed++;
      sentences.merge(sentence, 1L, Long::sum);
      newest.put(
          sentence, new RecordCoordinates(record.topic(), record.partition(), record.offset()));
    }
  }

  /**
   * Returns the finding.
   *
   * @param since maximum age of the records
   */
  Finding finding(Duration since) {
    if (malformed == 0) {
      return new Fine(
          CHECK,
          logins == 0
              ? "%s: no logins in %s".formatted(topic, Units.time(since))
              : "%s: %s of %s, all well formed"
                  .formatted(topic, Units.count(logins, "login"), Units.time(since)));
    }
    String commonest =
        sentences.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    // Each sentence is: what is wrong; what to do.
    int semicolon = commonest.indexOf("; ");
    return new Wrong(
        CHECK,
        "%s: %s malformed (%s of %s), as %s: %s"
            .formatted(
                topic,
                Units.share(malformed, logins),
                Units.number(malformed),
                Units.number(logins),
                newest.get(commonest),
                commonest.substring(0, semicolon)),
        commonest.substring(semicolon + 2, commonest.length() - 1));
  }

  private @Nullable String sentence(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null || value == null || !Openid.isOne(key)) {
      return "The record key %s; publish each login under its openid, as plain text of letters, digits, _ and -."
          .formatted(Openid.flaw(key));
    }
    return LoginReader.read(value, new String(key, UTF_8), appidNeeded)
            instanceof LoginReader.Malformed wrong
        ? wrong.detail()
        : null;
  }
}
