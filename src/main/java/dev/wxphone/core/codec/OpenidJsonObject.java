package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with the key of a record in its field {@code openid} and the value in the others.
 *
 * @param text the whole object, as written
 * @param openid null if the field is missing, empty or not a text
 * @param others the other fields, in order
 */
public record OpenidJsonObject(String text, @Nullable String openid, List<Member> others) {

  /**
   * A field.
   *
   * @param text name and value, exactly as written
   */
  public record Member(String name, String text, boolean isNull) {
    /** Shows no content. */
    @Override
    public String toString() {
      return "Member[****]";
    }
  }

  private static final String OPENID = "openid";

  public OpenidJsonObject {
    others = List.copyOf(others);
  }

  /** Returns the object in a text, or null if the text is not a single JSON object. */
  public static @Nullable OpenidJsonObject read(String text) {
    Fields fields = new Fields(text);
    return StrictJson.read(text, fields)
        ? new OpenidJsonObject(text.strip(), fields.openid, fields.others)
        : null;
  }

  /** Returns why {@link #read} returns null, in sentences that quote nothing of the text. */
  public static String mistake(String text) {
    String mistake = StrictJson.mistake(text, new Fields(text));
    return "The line is not one JSON object." + (mistake == null ? "" : " " + mistake);
  }

  /** Returns whether a field of this name is present and null. */
  public boolean isNull(String name) {
    return others.stream().anyMatch(member -> member.name().equals(name) && member.isNull());
  }

  /** Returns the object without the field {@code openid}. */
  public String withoutOpenid() {
    return others.stream().map(Member::text).collect(Collectors.joining(",", "{", "}"));
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "OpenidJsonObject[****]";
  }

  private static final class Fields implements StrictJson.Fields {
    private final String text;
    private final List<Member> others = new ArrayList<>();
    private @Nullable String openid;
    private int end;

    Fields(String text) {
      this.text = text;
    }

    @Override
    public void field(String name, JsonParser value) throws IOException {
      // Between the fields are only blanks, a brace or a comma.
      int begin = text.indexOf('"', end);
      boolean isNull = value.currentToken() == JsonToken.VALUE_NULL;
      if (name.equals(OPENID)) {
        String named = StrictJson.text(value);
        openid = named == null || named.isEmpty() ? null : named;
      } else {
        value.skipChildren();
      }
      // Jackson reads a text lazily, and the location is at its end only after that.
      value.finishToken();
      end = (int) value.currentLocation().getCharOffset();
      if (!name.equals(OPENID)) {
        others.add(new Member(name, text.substring(begin, end), isNull));
      }
    }
  }
}
