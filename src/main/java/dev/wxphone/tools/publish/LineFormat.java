package dev.wxphone.tools.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.codec.OpenidJsonObject;
import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.tools.publish.Line.Publishable;
import dev.wxphone.tools.publish.Line.Refused;

/** What the lines of an input hold, and the topic of their records. */
public sealed interface LineFormat {

  /** Returns the topic of the records. */
  String topic(TopicNames topics);

  /** Returns the record of an object, checked with the processor's own reader. */
  Line read(byte[] key, String openid, OpenidJsonObject object);

  /** The fields of {@code e.detail}. A refusal by the user or by WeChat is no mistake. */
  record Payloads() implements LineFormat {
    @Override
    public String topic(TopicNames topics) {
      return topics.phonePayload();
    }

    @Override
    public Line read(byte[] key, String openid, OpenidJsonObject object) {
      byte[] value = object.withoutOpenid().getBytes(UTF_8);
      return PayloadReader.read(value) instanceof Payload.Unusable unusable
              && unusable.reason() == Reason.MALFORMED_PAYLOAD
          ? new Refused(unusable.detail())
          : new Publishable(key, value);
    }
  }

  /**
   * The answer of {@code jscode2session} with the appid; or a {@code session_key} that is null, a
   * logout.
   *
   * @param appidNeeded whether the record has to name the app, because the settings do not
   */
  record SessionKeys(boolean appidNeeded) implements LineFormat {
    @Override
    public String topic(TopicNames topics) {
      return topics.sessionKey();
    }

    @Override
    public Line read(byte[] key, String openid, OpenidJsonObject object) {
      if (object.isNull("session_key")) {
        // An answer of WeChat without a key must not make the processor forget the keys it knows.
        return object.others().size() == 1
            ? new Publishable(key, null)
            : new Refused(
                "The session_key is null beside other fields; a logout has openid and session_key"
                    + " alone, and a login has a session_key.");
      }
      byte[] value = object.text().getBytes(UTF_8);
      return LoginReader.read(value, openid, appidNeeded) instanceof LoginReader.Malformed malformed
          ? new Refused(malformed.detail())
          : new Publishable(key, value);
    }
  }
}
