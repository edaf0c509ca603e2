package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Given some sources of settings, what comes of them: settings and warnings, or an error. */
final class Sources {
  private final Map<String, String> file = new TreeMap<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> overrides = new TreeMap<>();
  private final Map<String, String> secretFiles = new TreeMap<>();
  final List<String> filesRead = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();

  Sources file(String key, String value) {
    file.put(key, value);
    return this;
  }

  Sources environment(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Sources override(String key, String value) {
    overrides.put(key, value);
    return this;
  }

  Sources secretFile(String name, String content) {
    secretFiles.put(name, content);
    return this;
  }

  Settings load() {
    return SettingsLoader.load(
        "app.properties", file, environment, overrides, this::readSecret, warnings::add);
  }

  OperatorException error() {
    OperatorException error = catchThrowableOfType(OperatorException.class, this::load);
    if (error == null) {
      throw new AssertionError("no error where one was expected");
    }
    return error;
  }

  private String readSecret(String name) throws IOException {
    filesRead.add(name);
    String content = secretFiles.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }
}
