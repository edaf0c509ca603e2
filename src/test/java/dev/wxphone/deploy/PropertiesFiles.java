package dev.wxphone.deploy;

import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The settings that the manifests give to wxphone. */
record PropertiesFiles(Path file) {
  static final PropertiesFiles BASE =
      new PropertiesFiles(Manifests.BASE.resolve("wxphone.properties"));
  static final PropertiesFiles STRIMZI =
      new PropertiesFiles(Manifests.STRIMZI.resolve("wxphone.properties"));

  Map<String, String> values() {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> values = new TreeMap<>();
    properties.forEach((key, value) -> values.put((String) key, (String) value));
    return values;
  }

  /** Returns the settings that the program reads from the file and an environment. */
  Settings settings(Map<String, String> environment, Map<String, String> overrides) {
    return Settings.load(
        file,
        environment,
        overrides,
        warning -> {
          throw new AssertionError(warning);
        });
  }
}
