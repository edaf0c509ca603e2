package dev.wxphone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.operator.SafeText;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The newest profile and the newest dead letter, each as one line in which numbers are masked. */
final class NewestAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String profileTopic;
  private final String deadLetterTopic;
  private @Nullable String profile;
  private @Nullable String deadLetter;
  private @Nullable DeadLetterId deadLetterId;

  NewestAnswers(String profileTopic, String deadLetterTopic) {
    this.profileTopic = profileTopic;
    this.deadLetterTopic = deadLetterTopic;
  }

  /** Takes a record of one of the topics. */
  void update(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(profileTopic) && record.value() != null) {
      profile = profileLine(record.value());
    } else if (record.topic().equals(deadLetterTopic)) {
      deadLetterId = new DeadLetterId(record.partition(), record.offset());
      deadLetter =
          deadLetterId
              + "  "
              + shortOpenid(record.key())
              + "  "
              + header(record, HeaderNames.REASON)
              + ", "
              + header(record, HeaderNames.RECOVERY);
    }
  }

  /** Returns the line of the newest profile; null before the first. */
  @Nullable String profile() {
    return profile;
  }

  /** Returns the line of the newest dead letter; null before the first. */
  @Nullable String deadLetter() {
    return deadLetter;
  }

  @Nullable DeadLetterId deadLetterId() {
    return deadLetterId;
  }

  private static String profileLine(byte[] value) {
    try {
      JsonNode read = JSON.readTree(value);
      return "%s  +%s %s  %s  %s%s"
          .formatted(
              shortOpenid(read.path("openid").asText().getBytes(UTF_8)),
              read.path("countryCode").asText(),
              SafeText.maskedNumber(read.path("purePhoneNumber").asText()),
              read.path("region").asText("-"),
              read.path("numberType").asText(),
              read.path("sessionKeyAge").asInt() > 0 ? "  (an older key)" : "");
    } catch (IOException notJson) {
      return "-";
    }
  }

  private static String shortOpenid(byte @Nullable [] key) {
    if (key == null) {
      return "(no openid)";
    }
    String openid = SafeText.escaped(new String(key, UTF_8));
    return openid.length() <= 12
        ? openid
        : openid.substring(0, 6) + "…" + openid.substring(openid.length() - 4);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    String text = HeaderNames.text(record.headers(), name);
    return text == null ? "" : SafeText.shortened(text);
  }
}
