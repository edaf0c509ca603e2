package dev.wxphone.tools.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.codec.OpenidJsonObject;
import dev.wxphone.core.codec.StrictUtf8;
import org.jspecify.annotations.Nullable;

/** A line of input as it was read: a record, nothing, or a mistake. */
public sealed interface Line {

  /** The maximum length of a line in bytes: the largest value, an openid, and blanks. */
  int MAX_BYTES = 128 * 1024;

  /** Nothing but blanks. */
  record Blank() implements Line {}

  /**
   * A record that the processor accepts.
   *
   * @param value null for a logout
   */
  record Publishable(byte[] key, byte @Nullable [] value) implements Line {
    /** Shows no content. */
    @Override
    public String toString() {
      return value == null ? "Publishable[null]" : "Publishable[****]";
    }
  }

  /**
   * A line that holds no record, or one that would only become a dead letter.
   *
   * @param why one sentence, which quotes nothing of the line
   */
  record Refused(String why) implements Line {}

  /** Reads a line without its line break. */
  static Line read(byte[] line, LineFormat format) {
    if (line.length > MAX_BYTES) {
      return new Refused("The line is longer than 128 KiB.");
    }
    String text = StrictUtf8.decode(line);
    if (text == null) {
      return new Refused("The line is not UTF-8.");
    }
    if (text.isBlank()) {
      return new Blank();
    }
    OpenidJsonObject object = OpenidJsonObject.read(text);
    if (object == null) {
      return new Refused(OpenidJsonObject.mistake(text));
    }
    String openid = object.openid();
    if (openid == null) {
      return new Refused("There is no text openid, which becomes the record's key.");
    }
    byte[] key = openid.getBytes(UTF_8);
    if (!Openid.isOne(key)) {
      return new Refused(
          "The openid %s; it has letters, digits, _ and - alone.".formatted(Openid.flaw(key)));
    }
    return format.read(key, openid, object);
  }
}
