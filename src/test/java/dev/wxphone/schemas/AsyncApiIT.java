package dev.wxphone.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AsyncAPI's own parser accepts the document; {@code .ci/run} installs it if it can. */
final class AsyncApiIT {
  private static final Path FETCHED = Path.of("target", "asyncapi");
  private static final Path SCRIPT = Path.of("src", "test", "resources", "validate-asyncapi.cjs");
  private static final Path SCHEMAS = Path.of("topics", "schemas");

  @TempDir private Path directory;

  @BeforeAll
  static void the_parser_is_there() {
    if (!Files.isDirectory(FETCHED.resolve("node_modules").resolve("@asyncapi"))) {
      skip(
          "@asyncapi/parser is not in target/asyncapi: .ci/run could not fetch it, or did not run");
    }
    try {
      run("node", "--version");
    } catch (IOException e) {
      skip("there is no node to run @asyncapi/parser with");
    }
  }

  @Test
  void the_parser_finds_nothing_wrong() throws IOException {
    Run run = validate(SCHEMAS);
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("channels: dead-letter dead-letter-audit phone-payload session-key user-profile");
  }

  @Test
  void it_would_find_a_broken_reference_and_a_broken_schema() throws IOException {
    copyOf("session-key.json", "\"maxLength\": 512", "\"maxLength\": \"512\"");
    copyOf("asyncapi.yaml", "./user-profile.json", "./user-profiles.json");
    for (String whole :
        List.of("phone-payload.json", "user-profile.json", "dead-letter-audit.json")) {
      copyOf(whole, "", "");
    }
    Run run = validate(directory);
    assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
    assertThat(run.output()).contains("user-profiles.json", "maxLength");
  }

  private void copyOf(String file, String text, String replacement) throws IOException {
    String content = Files.readString(SCHEMAS.resolve(file));
    assertThat(content).contains(text);
    Files.writeString(directory.resolve(file), content.replace(text, replacement));
  }

  private static Run validate(Path schemas) throws IOException {
    return run(
        "node", SCRIPT.toString(), FETCHED.toString(), schemas.resolve("asyncapi.yaml").toString());
  }

  private record Run(int exitCode, String output) {}

  private static Run run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        fail("%s does not end", String.join(" ", command));
      }
      return new Run(process.exitValue(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void skip(String why) {
    System.out.println("AsyncApiIT skipped: " + why);
    abort(why);
  }
}
