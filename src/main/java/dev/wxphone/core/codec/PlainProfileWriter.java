package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Repair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a profile whose texts are ASCII without escapes, as nearly all are, straight into bytes: a
 * generator takes several times as long. {@link ProfileWriter} writes all others, and these alike.
 */
final class PlainProfileWriter {
  private static final byte[] OPENID = ascii("{\"openid\":\"");
  private static final byte[] UNIONID = ascii("\",\"unionid\":\"");
  private static final byte[] APPID = ascii("\",\"appid\":\"");
  private static final byte[] PHONE_NUMBER = ascii("\",\"phoneNumber\":\"");
  private static final byte[] PURE_PHONE_NUMBER = ascii("\",\"purePhoneNumber\":\"");
  private static final byte[] COUNTRY_CODE = ascii("\",\"countryCode\":\"");
  private static final byte[] E164 = ascii("\",\"e164\":\"");
  private static final byte[] REGION = ascii("\",\"region\":\"");
  private static final byte[] NUMBER_TYPE = ascii("\",\"numberType\":\"");
  private static final byte[] WATERMARK = ascii("\",\"watermark\":{\"appid\":\"");
  private static final byte[] TIMESTAMP = ascii("\",\"timestamp\":");
  private static final byte[] SESSION_KEY_AGE = ascii("},\"sessionKeyAge\":");
  private static final byte[] REPAIRS = ascii(",\"repairs\":[\"");
  private static final byte[] NEXT_REPAIR = ascii("\",\"");
  private static final byte[] END_OF_REPAIRS = ascii("\"]");
  private static final byte[] END = ascii("}");

  /** Null while the length is counted. */
  private byte @Nullable [] bytes;

  private int length;
  private boolean plain = true;

  private PlainProfileWriter() {}

  /** Returns the profile as JSON, or null if a text of it is not plain. */
  static byte @Nullable [] write(Profile profile) {
    PlainProfileWriter writer = new PlainProfileWriter();
    writer.add(profile);
    byte[] written = new byte[writer.length];
    writer.bytes = written;
    writer.length = 0;
    writer.add(profile);
    return writer.plain ? written : null;
  }

  private void add(Profile profile) {
    add(OPENID, profile.openid());
    if (profile.unionid() != null) {
      add(UNIONID, profile.unionid());
    }
    add(APPID, profile.appid());
    add(PHONE_NUMBER, profile.phoneNumber());
    add(PURE_PHONE_NUMBER, profile.purePhoneNumber());
    add(COUNTRY_CODE, profile.countryCode());
    add(E164, profile.e164());
    if (profile.region() != null) {
      add(REGION, profile.region());
    }
    add(NUMBER_TYPE, profile.numberType());
    add(WATERMARK, profile.watermark().appid());
    add(TIMESTAMP, Long.toString(profile.watermark().timestamp()));
    add(SESSION_KEY_AGE, Integer.toString(profile.sessionKeyAge()));
    addRepairs(profile.repairs());
    add(END, "");
  }

  private void addRepairs(List<Repair> repairs) {
    byte[] before = REPAIRS;
    for (Repair repair : repairs) {
      add(before, repair.text());
      before = NEXT_REPAIR;
    }
    if (!repairs.isEmpty()) {
      add(END_OF_REPAIRS, "");
    }
  }

  private void add(byte[] literal, String text) {
    byte[] to = bytes;
    int at = length;
    length += literal.length + text.length();
    if (to == null) {
      return;
    }
    System.arraycopy(literal, 0, to, at, literal.length);
    at += literal.length;
    boolean allPlain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      allPlain &= c >= ' ' && c < 0x7F && c != '"' && c != '\\';
      to[at + i] = (byte) c;
    }
    plain &= allPlain;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
