package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Repair;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the value of a {@code user-profile} record. */
public final class ProfileWriter {
  private ProfileWriter() {}

  /** Returns the profile as JSON in UTF-8, the same bytes for the same profile. */
  public static byte[] write(Profile profile) {
    byte[] plain = PlainProfileWriter.write(profile);
    return plain == null ? writeEscaped(profile) : plain;
  }

  /** Writes any profile. */
  static byte[] writeEscaped(Profile profile) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
      try (JsonGenerator json = StrictJson.FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeStringField("openid", profile.openid());
        if (profile.unionid() != null) {
          json.writeStringField("unionid", profile.unionid());
        }
        json.writeStringField("appid", profile.appid());
        json.writeStringField("phoneNumber", profile.phoneNumber());
        json.writeStringField("purePhoneNumber", profile.purePhoneNumber());
        json.writeStringField("countryCode", profile.countryCode());
        json.writeStringField("e164", profile.e164());
        if (profile.region() != null) {
          json.writeStringField("region", profile.region());
        }
        json.writeStringField("numberType", profile.numberType());
        json.writeObjectFieldStart("watermark");
        json.writeStringField("appid", profile.watermark().appid());
        json.writeNumberField("timestamp", profile.watermark().timestamp());
        json.writeEndObject();
        json.writeNumberField("sessionKeyAge", profile.sessionKeyAge());
        if (!profile.repairs().isEmpty()) {
          json.writeArrayFieldStart("repairs");
          for (Repair repair : profile.repairs()) {
            json.writeString(repair.text());
          }
          json.writeEndArray();
        }
        json.writeEndObject();
      }
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
  }
}
