package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wxphone.core.domain.UserState;
import java.io.IOException;

/** Reads the watermark of a published profile. */
public final class WatermarkReader {
  private WatermarkReader() {}

  /**
   * Returns the watermark's timestamp, in seconds since 1970, or {@link UserState#NEVER} if there
   * is none.
   */
  public static long read(byte[] profile) {
    String text = StrictUtf8.decode(profile);
    Fields fields = new Fields();
    return text != null && StrictJson.read(text, fields) ? fields.timestamp : UserState.NEVER;
  }

  private static final class Fields implements StrictJson.Fields {
    private long timestamp = UserState.NEVER;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      if (name.equals("watermark") && value.currentToken() == JsonToken.START_OBJECT) {
        StrictJson.readObject(value, this::inWatermark);
      } else {
        value.skipChildren();
      }
    }

    private void inWatermark(String name, JsonParser value) throws IOException {
      if (name.equals("timestamp") && value.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        timestamp = value.getLongValue();
      } else {
        value.skipChildren();
      }
    }
  }
}
