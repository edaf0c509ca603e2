package dev.wxphone.settings;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads configuration files and files of secrets. */
final class SettingsFile {
  private SettingsFile() {}

  /**
   * Returns the keys and values of a Java properties file in UTF-8.
   *
   * @throws OperatorException (usage) if the file cannot be read
   */
  static Map<String, String> readProperties(Path file) {
    Properties properties = new Properties();
    try {
      String text = Files.readString(file);
      // Some editors begin a file with a byte order mark, which would become part of the first key.
      properties.load(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
    } catch (NoSuchFileException e) {
      throw unusable(file, "doesn't exist");
    } catch (CharacterCodingException e) {
      throw unusable(file, "isn't UTF-8 text");
    } catch (IOException e) {
      throw unusable(file, "can't be read");
    } catch (IllegalArgumentException e) {
      throw unusable(
          file, "has a malformed \\u escape: four hex digits must follow, or write \\\\u");
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }

  /** Returns the text of the file with this name. */
  static String readSecret(String name) throws IOException {
    try {
      return Files.readString(Path.of(name));
    } catch (InvalidPathException e) {
      throw new NoSuchFileException(name);
    }
  }

  private static OperatorException unusable(Path file, String why) {
    return OperatorException.usage(
        "the config file %s %s".formatted(SafeText.shortened(file.toString()), why));
  }
}
