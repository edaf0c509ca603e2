package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateOriginTest {
  private static final StateOrigin FIRST_RUN = new StateOrigin("c1", Map.of());
  private static final StateOrigin LATER = new StateOrigin("c1", Map.of("users", "u1", "w", "w1"));

  private final Path directory;

  StateOriginTest(@TempDir Path temporary) throws IOException {
    directory = temporary.resolve("app");
    new StateDirectory(directory).create();
  }

  private void state() throws IOException {
    Files.createDirectory(directory.resolve("0_3"));
  }

  @Test
  void where_there_is_no_state_none_is_foreign() throws IOException {
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isFalse();
    Files.writeString(directory.resolve("group.instance.id"), "x");
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isFalse();
  }

  @Test
  void state_that_nobody_noted_is_foreign() throws IOException {
    state();
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isTrue();
  }

  @Test
  void state_is_at_home_from_the_first_run_on() throws IOException {
    FIRST_RUN.writeTo(new StateDirectory(directory));
    state();
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isFalse();
    LATER.writeTo(new StateDirectory(directory));
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isFalse();
  }

  @Test
  void state_of_another_cluster_or_of_changelogs_made_anew_is_foreign() throws IOException {
    state();
    LATER.writeTo(new StateDirectory(directory));
    assertThat(new StateOrigin("c2", LATER.changelogs()).isForeignTo(new StateDirectory(directory)))
        .isTrue();
    assertThat(
            new StateOrigin("c1", Map.of("users", "u2", "w", "w1"))
                .isForeignTo(new StateDirectory(directory)))
        .isTrue();
    assertThat(FIRST_RUN.isForeignTo(new StateDirectory(directory)))
        .as("the changelogs are gone")
        .isTrue();
  }

  @Test
  void a_note_that_is_damaged_is_none() throws IOException {
    state();
    Files.writeString(directory.resolve("origin"), "cluster=\\u00zz");
    assertThat(LATER.isForeignTo(new StateDirectory(directory))).isTrue();
  }
}
