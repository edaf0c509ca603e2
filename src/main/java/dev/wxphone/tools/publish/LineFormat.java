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

/** What the lines hold, and so which topic they are for. */
public sealed interface LineFormat {

  /** The topic that it is published to. */
  String topic(TopicNames topics);

  /** The record that an object makes, judged by the reader that the stream reads it with. */
  Line record(byte[] key, String openid, OpenidJsonObject object);

  /** The fields of {@code e.detail}. A refusal by the user or by WeChat is no mistake. */
  record Payloads() implements LineFormat {
    @Override
    public String topic(TopicNames topics) {
      return topics.phonePayload();
    }

    @Override
    public Line record(byte[] key, String openid, OpenidJsonObject object) {
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
   * @param appidNeeded true where nothing but the record says which app is ours
   */
  record SessionKeys(boolean appidNeeded) implements LineFormat {
    @Override
    public String topic(TopicNames topics) {
      return topics.sessionKey();
    }

    @Override
    public Line record(byte[] key, String openid, OpenidJsonObject object) {
      if (object.isNull("session_key")) {
        // An answer that brought no key must not forget those that are known.
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
