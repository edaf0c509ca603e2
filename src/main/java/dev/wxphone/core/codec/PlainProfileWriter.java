package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Repair;
import java.util.Arrays;
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

  /** Of a profile of the usual length; longer ones take longer. */
  private byte[] bytes = new byte[416];

  private int length;
  private boolean plain = true;

  private PlainProfileWriter() {}

  /** Returns the profile as JSON, or null if a text of it is not plain. */
  static byte @Nullable [] write(Profile profile) {
    return new PlainProfileWriter().bytes(profile);
  }

  private byte @Nullable [] bytes(Profile profile) {
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
    return plain ? Arrays.copyOf(bytes, length) : null;
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
    int needed = length + literal.length + text.length();
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * needed);
    }
    System.arraycopy(literal, 0, bytes, length, literal.length);
    length += literal.length;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &= c >= ' ' && c < 0x7F && c != '"' && c != '\\';
      bytes[length++] = (byte) c;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
