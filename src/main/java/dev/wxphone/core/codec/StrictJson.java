package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object and nothing else: no duplicate field, no trailing token, not deeper than
 * {@link InputLimits#JSON_DEPTH}. It reads decoded text, since Jackson guesses UTF-16 and accepts
 * overlong UTF-8 when it reads bytes. Jackson's exceptions quote the input, so none leaves this
 * class.
 */
final class StrictJson {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names come from outside, and Jackson's table of them would only grow.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(InputLimits.JSON_DEPTH)
                  // Numbers are not computed and names not kept, so the limit of a value suffices.
                  .maxNumberLength(InputLimits.VALUE_BYTES)
                  .maxNameLength(InputLimits.VALUE_BYTES)
                  .build())
          .build();

  /** Receives each field of an object. */
  interface Fields {
    /**
     * Reads one field.
     *
     * @param value the parser at the first token of the value; to be left at the last one
     */
    void field(String name, JsonParser value) throws IOException;
  }

  private static final String MORE = "There is more after the JSON object.";

  private StrictJson() {}

  /** Reads the object in a text and returns true, or false if the text is not a single object. */
  static boolean read(String text, Fields fields) {
    return mistake(text, fields) == null;
  }

  /**
   * Reads the object in a text and returns null, or why the text is not a single object, as a
   * sentence that quotes nothing of it.
   */
  static @Nullable String mistake(String text, Fields fields) {
    boolean whole = false;
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "It is JSON but not an object.";
      }
      readObject(parser, fields);
      whole = true;
      return parser.nextToken() == null ? null : MORE;
    } catch (StreamConstraintsException e) {
      return whole ? MORE : mistake(e);
    } catch (JsonProcessingException e) {
      return whole ? MORE : mistake(e);
    } catch (IOException e) {
      return "It can't be read.";
    }
  }

  /** Returns the text if a JSON text is all that there is, otherwise null. */
  static @Nullable String onlyText(String json) {
    int begin = afterBlanks(json);
    if (begin == json.length() || json.charAt(begin) != '"') {
      return null;
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      String text = text(parser);
      return parser.nextToken() == null ? text : null;
    } catch (IOException noText) {
      return null;
    }
  }

  /** Returns the text without the blanks of JSON around it. */
  static String strip(String json) {
    int begin = afterBlanks(json);
    int end = json.length();
    while (end > begin && isBlank(json.charAt(end - 1))) {
      end--;
    }
    return json.substring(begin, end);
  }

  private static int afterBlanks(String json) {
    int begin = 0;
    while (begin < json.length() && isBlank(json.charAt(begin))) {
      begin++;
    }
    return begin;
  }

  /** Returns whether a character is a blank of JSON. */
  static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private static String mistake(StreamConstraintsException e) {
    return String.valueOf(e.getOriginalMessage()).contains("nesting depth")
        ? "It is deeper than " + InputLimits.JSON_DEPTH + " levels."
        : "A name or a number is too long.";
  }

  private static String mistake(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String column = at == null ? "" : " at column " + at.getColumnNr();
    if (e instanceof JsonEOFException) {
      return "The JSON breaks off at its end.";
    }
    if (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")) {
      return "A field is there twice; the second one is" + column + ".";
    }
    return "It is not JSON" + column + ".";
  }

  /** Reads the object at whose beginning the parser is. */
  static void readObject(JsonParser parser, Fields fields) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.field(name, parser);
    }
  }

  /** Returns the parser's value if it is a text; otherwise skips it and returns null. */
  static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      parser.skipChildren();
      return null;
    }
    String text = parser.getText();
    if (!isUnicode(text)) {
      throw new JsonParseException(parser, "an escaped half of a surrogate pair");
    }
    return text;
  }

  /** Like {@link #text}, but a number too, as written. */
  static @Nullable String textOrNumber(JsonParser parser) throws IOException {
    return parser.currentToken().isNumeric() ? parser.getText() : text(parser);
  }

  /** Returns whether a text has no lone surrogate, which an escape can write and UTF-8 cannot. */
  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
