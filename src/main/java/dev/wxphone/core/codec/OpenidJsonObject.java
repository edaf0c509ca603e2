package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that names, in its field {@code openid}, the key of the record that it makes.
 *
 * @param text the whole object, as it was written
 * @param openid null where there is no such text, or an empty one
 * @param others the other fields, in order
 */
public record OpenidJsonObject(String text, @Nullable String openid, List<Member> others) {

  /**
   * One field.
   *
   * @param text name and value, exactly as they were written
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

  /** Reads the text's one object; null where the text is not that. */
  public static @Nullable OpenidJsonObject read(String text) {
    Fields fields = new Fields(text);
    return StrictJson.read(text, fields)
        ? new OpenidJsonObject(text.strip(), fields.openid, fields.others)
        : null;
  }

  /** Why {@link #read} finds no such object in the text: sentences that quote nothing of it. */
  public static String mistake(String text) {
    String mistake = StrictJson.mistake(text, new Fields(text));
    return "The line is not one JSON object." + (mistake == null ? "" : " " + mistake);
  }

  /** Whether there is a field of this name, and it is null. */
  public boolean isNull(String name) {
    return others.stream().anyMatch(member -> member.name().equals(name) && member.isNull());
  }

  /** The object of the other fields. */
  public String withoutOpenid() {
    return others.stream().map(Member::text).collect(Collectors.joining(",", "{", "}"));
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "KeyedObject[****]";
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
      // Only blanks, a brace or a comma lie between the fields.
      int begin = text.indexOf('"', end);
      boolean isNull = value.currentToken() == JsonToken.VALUE_NULL;
      if (name.equals(OPENID)) {
        String named = StrictJson.text(value);
        openid = named == null || named.isEmpty() ? null : named;
      } else {
        value.skipChildren();
      }
      // A text is read only as far as somebody asked for it.
      value.finishToken();
      end = (int) value.currentLocation().getCharOffset();
      if (!name.equals(OPENID)) {
        others.add(new Member(name, text.substring(begin, end), isNull));
      }
    }
  }
}
