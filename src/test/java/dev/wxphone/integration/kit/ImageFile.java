package dev.wxphone.integration.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The Dockerfile's instructions, of each of which there is one. */
public final class ImageFile {
  public static final Path PATH = Path.of("src", "main", "docker", "Dockerfile");

  private static final Pattern INSTRUCTION = Pattern.compile("(?m)^([A-Z]+) +(.*)$");

  private ImageFile() {}

  /** Returns the words of an instruction that is in exec form, as HEALTHCHECK's command is. */
  public static List<String> exec(String instruction) {
    String text = one(instruction);
    int array = text.indexOf('[');
    if (array < 0) {
      throw new AssertionError(instruction + " is not in exec form: " + text);
    }
    try {
      return List.of(new ObjectMapper().readValue(text.substring(array), String[].class));
    } catch (JsonProcessingException e) {
      throw new AssertionError(instruction + " is not in exec form: " + text, e);
    }
  }

  /** Returns what follows an instruction's name. */
  public static String one(String instruction) {
    try {
      String text = Files.readString(PATH).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
      List<String> found =
          INSTRUCTION
              .matcher(text)
              .results()
              .filter(match -> match.group(1).equals(instruction))
              .map(match -> match.group(2))
              .toList();
      if (found.size() != 1) {
        throw new AssertionError(instruction + ": " + found);
      }
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
