package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The state directory is this user's alone. */
final class StateDirectoryTest {
  private static final long US = new UnixSystem().getUid();

  @TempDir private Path temporary;

  private StateDirectory directory() {
    return new StateDirectory(temporary.resolve("a/state/app"));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void assertRefused(Path culprit, String why, ThrowingCallable call) {
    assertThatExceptionOfType(OperatorException.class)
        .isThrownBy(call)
        .withMessageStartingWith("the state directory is not safe: " + culprit + " " + why)
        .withMessageEndingWith(", or set state.dir to another one")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1))
        .satisfies(e -> assertThat(e.exitCode()).isOne());
  }

  @ParameterizedTest
  @CsvSource({
    ", /xdg, /home/u, /xdg/wxphone/app",
    ", , /home/u, /home/u/.local/state/wxphone/app",
    ", relative, /home/u, /home/u/.local/state/wxphone/app",
    "/data, /xdg, /home/u, /data/app",
    "' /data ', /xdg, ?, /data/app",
  })
  void its_default_is_of_this_user(String stateDir, String xdg, String home, Path expected) {
    Map<String, String> environment = xdg == null ? Map.of() : Map.of("XDG_STATE_HOME", xdg);
    assertThat(StateDirectory.of(stateDir, "app", environment, home).path()).isEqualTo(expected);
  }

  @Test
  void without_a_home_it_must_be_set() {
    assertThatExceptionOfType(OperatorException.class)
        .isThrownBy(() -> StateDirectory.of(null, "app", Map.of(), "?"))
        .withMessage("state.dir: this user has no home directory, so set it")
        .returns(2, OperatorException::exitCode);
  }

  @Test
  void it_and_what_is_written_in_it_are_for_its_owner_alone() throws IOException {
    directory().write("followed", "1");
    assertThat(permissions(directory().path())).isEqualTo("rwx------");
    assertThat(permissions(directory().parent())).isEqualTo("rwx------");
    assertThat(permissions(temporary.resolve("a"))).isEqualTo("rwx------");
    assertThat(permissions(directory().file("followed"))).isEqualTo("rw-------");
    assertThat(directory().read("followed")).hasValue("1");
  }

  @Test
  void rocks_db_is_unpacked_in_it_for_its_owner_alone() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "mine");
    directory().create();
    Path library = directory().file(org.rocksdb.util.Environment.getJniLibraryFileName("rocksdb"));
    Files.createSymbolicLink(library, elsewhere);
    directory().loadRocksDb();
    assertThat(elsewhere).hasContent("mine");
    // Once in a JVM, so it is not there if another test was first.
    if (Files.exists(library, LinkOption.NOFOLLOW_LINKS)) {
      assertThat(permissions(library)).isEqualTo("rw-------");
    }
  }

  @Test
  void a_symbolic_link_in_place_of_a_file_is_replaced_and_not_followed() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "mine");
    directory().create();
    Files.createSymbolicLink(directory().file("followed"), elsewhere);
    Files.createSymbolicLink(directory().file("followed.new"), elsewhere);
    assertThat(directory().read("followed")).isEmpty();
    directory().write("followed", "1");
    assertThat(directory().read("followed")).hasValue("1");
    assertThat(elsewhere).hasContent("mine");
  }

  @Test
  void the_id_of_the_installation_is_not_read_through_a_symbolic_link() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "of-another");
    directory().create();
    Files.createSymbolicLink(directory().file("group.instance.id"), elsewhere);
    String id = InstanceId.in(directory());
    assertThat(id).startsWith("wxphone-").isEqualTo(InstanceId.in(directory()));
    assertThat(elsewhere).hasContent("of-another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/state", "a/state/app"})
  void a_symbolic_link_is_refused(String where) throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Path link = temporary.resolve(where);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, elsewhere);
    assertRefused(link, "is a symbolic link", () -> directory().write("followed", "1"));
    assertRefused(link, "is a symbolic link", () -> directory().loadRocksDb());
    assertRefused(link, "is a symbolic link", () -> InstanceId.in(directory()));
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void a_symbolic_link_above_it_is_followed() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(temporary.resolve("a"), elsewhere);
    directory().write("followed", "1");
    assertThat(elsewhere.resolve("state/app/followed")).hasContent("1");
  }

  @ParameterizedTest
  @CsvSource({
    "a/state, rwxrwx---",
    "a/state, rwx---rwx",
    "a/state/app, rwx-w----",
    "a/state/app, rwx----w-",
    "a, rwxrwxr-x",
  })
  void what_others_may_write_is_refused(String where, String mode) throws IOException {
    Path open = temporary.resolve(where);
    Files.createDirectories(open);
    permit(open, mode);
    assertRefused(open, "can be written by other users", () -> directory().create());
  }

  @Test
  void what_others_may_read_is_accepted() throws IOException {
    directory().create();
    permit(directory().path(), "rwxr-xr-x");
    directory().create();
  }

  @Test
  void what_another_user_owns_is_refused() throws IOException {
    directory().create();
    PrivateDirectory ofAnother = new PrivateDirectory(US + 1);
    String owner = "belongs to another user (%d, and this is %d)".formatted(US, US + 1);
    assertRefused(
        directory().parent(),
        owner,
        () -> ofAnother.create(directory().parent(), directory().path()));
    if (US != 0) {
      Path above = temporary.resolve("a");
      assertRefused(
          above, owner, () -> ofAnother.create(above.resolve("new"), above.resolve("new/app")));
    }
  }

  @Test
  void in_a_shared_directory_with_the_sticky_bit_one_may_be_made() throws IOException {
    Path shared = Files.createDirectory(temporary.resolve("a"));
    Files.setAttribute(shared, "unix:mode", 01777);
    directory().create();
    assertThat(permissions(directory().path())).isEqualTo("rwx------");
  }

  @Test
  void a_file_in_its_place_is_refused() throws IOException {
    Files.createDirectories(directory().parent());
    permit(directory().parent(), "rwx------");
    Files.writeString(directory().path(), "");
    assertRefused(directory().path(), "is no directory", () -> directory().create());
  }

  @Test
  void a_directory_that_can_not_be_made_is_one_line() {
    assertThatThrownBy(() -> new StateDirectory(Path.of("/proc/none/app")).loadRocksDb())
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("the state directory /proc/none/app can't be used");
  }
}
