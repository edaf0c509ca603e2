package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record to publish; its timestamp is that of the clock, unless {@link #at} says otherwise. */
public record Sent(
    byte @Nullable [] key, byte @Nullable [] value, Headers headers, @Nullable Long at) {

  public static Sent keyed(byte @Nullable [] key, byte @Nullable [] value) {
    return new Sent(key, value, new RecordHeaders(), null);
  }

  public static Sent of(String openid, byte @Nullable [] value) {
    return keyed(openid.getBytes(UTF_8), value);
  }

  public static Sent of(String openid, String value) {
    return of(openid, value.getBytes(UTF_8));
  }

  public static Sent of(String openid, Clicks click) {
    return of(openid, click.value());
  }

  /** The answer of {@code jscode2session}, with the appid. */
  public static Sent login(String openid, SessionKey key) {
    return login(openid, key, null);
  }

  public static Sent login(String openid, SessionKey key, @Nullable String unionid) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (key.appid() != null) {
      fields.put("appid", Clicks.quoted(key.appid()));
    }
    fields.put("session_key", Clicks.quoted(Clicks.base64(key)));
    fields.put("openid", Clicks.quoted(openid));
    if (unionid != null) {
      fields.put("unionid", Clicks.quoted(unionid));
    }
    return of(openid, Clicks.object(fields));
  }

  public static Sent logout(String openid) {
    return of(openid, (byte[]) null);
  }

  public static Sent forget(String openid) {
    return logout(openid).header(HeaderNames.FORGET, "");
  }

  /** With one more header. */
  public Sent header(String name, @Nullable String value) {
    return header(name, value == null ? null : value.getBytes(UTF_8));
  }

  public Sent header(String name, byte @Nullable [] value) {
    Headers more = new RecordHeaders(headers).add(name, value);
    return new Sent(key, value(), more, at);
  }

  /** As {@code wxphone.withheld} gives it; null of a null value. */
  @Nullable String valueSize() {
    return value == null ? null : Integer.toString(value.length);
  }

  public Sent at(long timestamp) {
    return new Sent(key, value, headers, timestamp);
  }
}
