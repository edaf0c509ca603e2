package dev.wxphone.core.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/** What WeChat encrypts: a phone number's JSON, field by field. */
public final class Plaintexts {
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Map<String, String> watermark = new LinkedHashMap<>();

  private Plaintexts() {}

  /** 13580006666 of {@link Clicks#APPID}, made at {@link Clicks#SECONDS}. */
  public static Plaintexts phone() {
    return phone("13580006666", "13580006666", "86");
  }

  /** The three numbers as WeChat gives them. */
  public static Plaintexts phone(String phoneNumber, String purePhoneNumber, String countryCode) {
    Plaintexts plaintext = new Plaintexts();
    plaintext.fields.put("phoneNumber", Clicks.quoted(phoneNumber));
    plaintext.fields.put("purePhoneNumber", Clicks.quoted(purePhoneNumber));
    plaintext.fields.put("countryCode", Clicks.quoted(countryCode));
    return plaintext.appid(Clicks.APPID).timestamp(Clicks.SECONDS);
  }

  public Plaintexts appid(String appid) {
    return watermark("appid", Clicks.quoted(appid));
  }

  /** When the click was made, in seconds since 1970. */
  public Plaintexts timestamp(long seconds) {
    return watermark("timestamp", Long.toString(seconds));
  }

  /** A field of the watermark, as JSON. */
  public Plaintexts watermark(String name, String json) {
    watermark.put(name, json);
    return this;
  }

  /** A field, as JSON; one that is there keeps its place. */
  public Plaintexts field(String name, String json) {
    fields.put(name, json);
    return this;
  }

  public Plaintexts without(String name) {
    fields.remove(name);
    watermark.remove(name);
    return this;
  }

  /** The same fields, but this one is the first. */
  public Plaintexts first(String name) {
    Map<String, String> others = new LinkedHashMap<>(fields);
    String first = others.remove(name);
    fields.clear();
    if (first != null) {
      fields.put(name, first);
    }
    fields.putAll(others);
    return this;
  }

  public String json() {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.putIfAbsent("watermark", Clicks.object(watermark));
    return Clicks.object(all);
  }

  public byte[] bytes() {
    return json().getBytes(UTF_8);
  }
}
