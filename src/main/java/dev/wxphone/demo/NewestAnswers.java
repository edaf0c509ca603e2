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

/** The newest profile and the newest dead letter, each as a line that shows no whole number. */
final class NewestAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String profiles;
  private final String letters;
  private @Nullable String profile;
  private @Nullable String letter;
  private @Nullable DeadLetterId letterId;

  NewestAnswers(String profileTopic, String letterTopic) {
    profiles = profileTopic;
    letters = letterTopic;
  }

  void see(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(profiles) && record.value() != null) {
      profile = profile(record.value());
    } else if (record.topic().equals(letters)) {
      letterId = new DeadLetterId(record.partition(), record.offset());
      letter =
          letterId
              + "  "
              + openid(record.key())
              + "  "
              + header(record, HeaderNames.REASON)
              + ", "
              + header(record, HeaderNames.RECOVERY);
    }
  }

  @Nullable String profile() {
    return profile;
  }

  @Nullable String letter() {
    return letter;
  }

  @Nullable DeadLetterId letterId() {
    return letterId;
  }

  private static String profile(byte[] value) {
    try {
      JsonNode read = JSON.readTree(value);
      return "%s  +%s %s  %s  %s%s"
          .formatted(
              openid(read.path("openid").asText().getBytes(UTF_8)),
              read.path("countryCode").asText(),
              SafeText.maskedNumber(read.path("purePhoneNumber").asText()),
              read.path("region").asText("-"),
              read.path("numberType").asText(),
              read.path("sessionKeyAge").asInt() > 0 ? "  (an older key)" : "");
    } catch (IOException notOurs) {
      return "-";
    }
  }

  private static String openid(byte @Nullable [] key) {
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
