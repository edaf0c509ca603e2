package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the image without an engine; {@link PodIT} runs what it runs. */
class DockerfileTest {
  static final int USER = 10001;

  @Test
  void the_base_is_a_jre_of_an_exact_version_and_content() {
    Matcher base =
        Pattern.compile("eclipse-temurin:(\\d+)\\.[\\d._]+-jre-noble@sha256:[0-9a-f]{64}")
            .matcher(ImageFile.one("FROM"));
    assertThat(base.matches()).isTrue();
    assertThat(Integer.parseInt(base.group(1))).isGreaterThanOrEqualTo(21);
  }

  @Test
  void the_user_is_a_number_and_owns_the_only_volume() {
    assertThat(ImageFile.one("USER")).isEqualTo(USER + ":" + USER);
    assertThat(ImageFile.one("RUN"))
        .isEqualTo(
            "install -d -o %1$d -g %1$d -m 0700 %2$s".formatted(USER, ImageFile.one("VOLUME")));
    assertThat(ImageFile.one("ENV"))
        .isEqualTo("XDG_STATE_HOME=" + Path.of(ImageFile.one("VOLUME")).getParent());
  }

  /** A shell in between would not hand on SIGTERM. */
  @Test
  void java_is_the_process_and_run_is_what_it_does() {
    assertThat(ImageFile.exec("ENTRYPOINT"))
        .startsWith("java")
        .endsWith("-jar", "/opt/wxphone/wxphone.jar");
    assertThat(ImageFile.exec("CMD")).containsExactly("run");
    assertThat(ImageFile.one("COPY")).endsWith(" target/wxphone.jar /opt/wxphone/wxphone.jar");
  }

  @Test
  void only_what_is_copied_is_sent_to_the_builder() throws IOException {
    assertThat(Files.readAllLines(ImageFile.PATH.resolveSibling("Dockerfile.dockerignore")))
        .filteredOn(line -> !line.startsWith("#"))
        .containsExactly("*", "!target/wxphone.jar");
  }
}
