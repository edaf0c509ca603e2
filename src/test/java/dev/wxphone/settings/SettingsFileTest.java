package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

  @TempDir Path directory;

  @Test
  void a_file_of_java_properties_in_utf_8_is_read() throws IOException {
    Path file =
        written(
            """
            # a comment
            wxphone.session.keys = 4
            client.id: \u79d2\\u0020\\
                x
            """);
    Settings settings = load(file);
    assertThat(settings.sessionKeys()).isEqualTo(4);
    assertThat(settings.kafka()).isEqualTo(Map.of("client.id", "\u79d2 x"));
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_first_key() throws IOException {
    assertThat(load(written("\uFEFFwxphone.session.keys=4")).sessionKeys()).isEqualTo(4);
  }

  @Test
  void without_a_file_the_other_sources_count() {
    List<String> warnings = new ArrayList<>();
    Settings settings =
        Settings.load(
            null,
            Map.of("WXPHONE_SESSION_KEYS", "4", "WXPHONE_X", ""),
            Map.of("wxphone.http.port", "0"),
            warnings::add);
    assertThat(settings.sessionKeys()).isEqualTo(4);
    assertThat(settings.httpPort()).isZero();
    assertThat(warnings).hasSize(1);
  }

  @Test
  void an_error_in_the_file_names_it() throws IOException {
    Path file = written("wxphone.session.keys=x");
    assertThat(error(file))
        .hasMessage(
            "wxphone.session.keys (in %s): expected a whole number from 1 to 16, not \"x\"", file);
  }

  @Test
  void a_missing_file_is_a_usage_error() {
    Path file = directory.resolve("none.properties");
    assertThat(error(file)).hasMessage("the config file %s doesn't exist", file);
  }

  @Test
  void a_directory_is_a_usage_error() {
    assertThat(error(directory)).hasMessage("the config file %s can't be read", directory);
  }

  @Test
  void a_malformed_escape_is_a_usage_error() throws IOException {
    Path file = written("password=hunter2\\u12G4");
    assertThat(error(file))
        .hasMessage(
            "the config file %s has a malformed \\u escape: four hex digits must follow, or write"
                + " \\\\u",
            file)
        .hasNoCause();
  }

  @Test
  void text_that_is_not_utf_8_is_a_usage_error() throws IOException {
    Path file = written("");
    Files.write(file, "client.id=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(error(file)).hasMessage("the config file %s isn't UTF-8 text", file);
  }

  @Test
  void a_secret_is_read_from_the_file_that_a_variable_names() throws IOException {
    Path secret = written("hunter2\n");
    Settings settings =
        Settings.load(
            null,
            Map.of("KAFKA_SSL_KEY_PASSWORD_FILE", secret.toString()),
            Map.of(),
            warning -> {});
    assertThat(settings.kafka()).isEqualTo(Map.of("ssl.key.password", "hunter2"));
  }

  @Test
  void a_secrets_file_that_cannot_be_read_is_a_usage_error() throws IOException {
    Path notText = Files.write(directory.resolve("key.der"), new byte[] {(byte) 0xff});
    for (String name : List.of("", "a\0b", directory.toString(), notText.toString())) {
      OperatorException error =
          catchThrowableOfType(
              OperatorException.class,
              () ->
                  Settings.load(
                      null, Map.of("KAFKA_SSL_KEY_PASSWORD_FILE", name), Map.of(), warning -> {}));
      assertThat(error)
          .hasMessageStartingWith("environment variable KAFKA_SSL_KEY_PASSWORD_FILE must name");
    }
  }

  private Path written(String text) throws IOException {
    return Files.writeString(directory.resolve("app.properties"), text);
  }

  private static Settings load(Path file) {
    return Settings.load(file, Map.of(), Map.of(), warning -> {});
  }

  private static OperatorException error(Path file) {
    OperatorException error = catchThrowableOfType(OperatorException.class, () -> load(file));
    assertThat(error.exitCode()).isEqualTo(2);
    return error;
  }
}
