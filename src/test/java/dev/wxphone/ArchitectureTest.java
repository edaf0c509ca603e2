package dev.wxphone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.wxphone.core.domain.SessionKey;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packages by capability, arrows one way. */
class ArchitectureTest {
  private static final String ROOT = "dev.wxphone";

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** The rooms; what each may know of ours beside itself. */
  private static final Map<String, Set<String>> ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("core", Set.of()),
              Map.entry("operator", Set.of("core")),
              Map.entry("books", Set.of("operator", "core")),
              Map.entry("settings", Set.of("operator", "core")),
              Map.entry("kafka", Set.of("settings", "operator", "core")),
              Map.entry("cli", Set.of("settings", "operator", "core")),
              Map.entry("topics", Set.of("kafka", "settings", "operator", "core")),
              Map.entry("stream", Set.of("topics", "kafka", "cli", "settings", "operator", "core")),
              Map.entry(
                  "letters",
                  Set.of("stream", "topics", "kafka", "cli", "settings", "operator", "core")),
              Map.entry(
                  "tools",
                  Set.of(
                      "books",
                      "letters",
                      "stream",
                      "topics",
                      "kafka",
                      "cli",
                      "settings",
                      "operator",
                      "core")),
              // No tool: each can be deleted.
              Map.entry(
                  "demo",
                  Set.of(
                      "books",
                      "stream",
                      "topics",
                      "kafka",
                      "cli",
                      "settings",
                      "operator",
                      "core"))));

  /** The same inside of the core and of the stream. */
  private static final Map<String, Set<String>> INNER_ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("core.domain", Set.of()),
              Map.entry("core.codec", Set.of("core.domain")),
              Map.entry("core.proof", Set.of("core.domain", "core.codec")),
              Map.entry("core.envelope", Set.of("core.domain", "core.codec")),
              Map.entry("stream.metrics", Set.of()),
              Map.entry("stream.store", Set.of("stream.metrics")),
              Map.entry("stream.topology", Set.of("stream.metrics", "stream.store")),
              Map.entry(
                  "stream.runtime", Set.of("stream.metrics", "stream.store", "stream.topology"))));

  static Set<String> rooms() {
    return ARROWS.keySet();
  }

  static Set<String> innerRooms() {
    return INNER_ARROWS.keySet();
  }

  static List<String> tools() {
    return OURS.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(ROOT + ".tools."))
        .distinct()
        .sorted()
        .toList();
  }

  private static String packageOf(String name) {
    return ROOT + "." + name + "..";
  }

  @Test
  void every_room_has_its_arrows() {
    Set<String> found =
        OURS.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1).split("\\.", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found).isEqualTo(rooms());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rooms")
  void arrows_go_downwards_only(String name) {
    check(name, ARROWS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("innerRooms")
  void arrows_inside_of_the_core_and_of_the_stream_go_downwards_only(String name) {
    check(name, INNER_ARROWS);
  }

  private static void check(String name, Map<String, Set<String>> arrows) {
    Set<String> known = arrows.getOrDefault(name, Set.of());
    String[] others =
        arrows.keySet().stream()
            .filter(other -> !other.equals(name) && !known.contains(other))
            .filter(other -> !other.contains(".") || sameParent(other, name))
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    if (others.length > 0) {
      noClasses()
          .that()
          .resideInAPackage(packageOf(name))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(OURS);
    }
  }

  private static boolean sameParent(String one, String other) {
    return one.substring(0, one.indexOf('.')).equals(other.substring(0, other.indexOf('.')));
  }

  /** They take their rules, not the settings with their passwords. */
  @Test
  void the_topology_its_stores_and_its_metrics_know_no_settings() {
    noClasses()
        .that()
        .resideInAnyPackage(packagesOf("stream.topology", "stream.store", "stream.metrics"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(packageOf("settings"))
        .check(OURS);
  }

  /** So that its folder and its lines in {@link Main} can be deleted. */
  @ParameterizedTest
  @MethodSource("tools")
  void nothing_but_the_main_class_knows_a_tool(String tool) {
    noClasses()
        .that()
        .resideOutsideOfPackage(tool + "..")
        .and()
        .doNotBelongToAnyOf(Main.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(tool + "..")
        .check(OURS);
  }

  @Test
  void the_main_class_names_the_commands_and_nothing_names_it() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Main.class)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Main.class)
        .check(OURS);
    assertThat(OURS.stream().filter(type -> type.getPackageName().equals(ROOT)))
        .filteredOn(type -> !type.getSimpleName().equals("package-info"))
        .extracting(JavaClass::getSimpleName)
        .containsExactly("Main");
  }

  private static String[] packagesOf(String... names) {
    return Arrays.stream(names).map(ArchitectureTest::packageOf).toArray(String[]::new);
  }

  @Test
  void only_the_broker_knows_broker_classes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("demo.broker"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "kafka..",
                "scala..",
                "org.apache.kafka.controller..",
                "org.apache.kafka.coordinator..",
                "org.apache.kafka.image..",
                "org.apache.kafka.metadata..",
                "org.apache.kafka.network..",
                "org.apache.kafka.raft..",
                "org.apache.kafka.security..",
                "org.apache.kafka.server..",
                "org.apache.kafka.storage..",
                "org.apache.kafka.timeline.."))
        .check(OURS);
  }

  @Test
  void what_is_pure_knows_no_kafka_and_no_logging() {
    noClasses()
        .that()
        .resideInAnyPackage(packagesOf("core.domain", "core.codec", "core.proof"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "org.slf4j..")
        .check(OURS);
  }

  @Test
  void what_is_pure_has_no_clock_and_no_chance() {
    List<Class<?>> clocks =
        List.of(
            Clock.class,
            Date.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class);
    for (Class<?> clock : clocks) {
      noClasses()
          .that()
          .resideInAnyPackage(packagesOf("core"))
          .should()
          .callMethod(clock, "now")
          .orShould()
          .callConstructor(clock)
          .orShould()
          .callMethod(clock, "systemUTC")
          .orShould()
          .callMethod(clock, "systemDefaultZone")
          .check(OURS);
    }
    noClasses()
        .that()
        .resideInAnyPackage(packagesOf("core"))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Random|UUID|concurrent\\..*)|java\\.security\\.SecureRandom")
        .check(OURS);
  }

  @Test
  void only_the_codec_and_the_cipher_see_the_bytes_of_a_session_key() {
    Set<String> seers =
        OURS.get(SessionKey.class).getMethod("revealBytes").getAccessesToSelf().stream()
            .map(access -> access.getOriginOwner().getName())
            .collect(Collectors.toSet());
    assertThat(seers)
        .containsExactlyInAnyOrder(
            "dev.wxphone.stream.store.UserStateFormat", "dev.wxphone.core.proof.SessionCipher");
  }

  /** A record shows all its fields unless it says otherwise. */
  @Test
  void no_record_shows_a_phone_number_a_ciphertext_or_a_received_value() {
    Set<String> made = new TreeSet<>();
    for (JavaClass type : OURS) {
      Class<?> loaded = type.isRecord() ? type.reflect() : Object.class;
      if (loaded.isRecord() && holdsSecret(loaded)) {
        made.add(loaded.getSimpleName());
        assertThat(make(loaded).toString()).doesNotContain(SECRET);
      }
    }
    assertThat(made).contains("Profile", "PhoneClaim", "Click", "Enrichment", "RawValue");
  }

  private static final String SECRET = "13580006666";
  private static final Pattern SECRETS =
      Pattern.compile("phoneNumber|purePhoneNumber|e164|encryptedData|value");

  private static boolean holdsSecret(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .anyMatch(c -> c.getType() == String.class && SECRETS.matcher(c.getName()).matches());
  }

  private static Object make(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(ArchitectureTest::some).toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName(), e);
    }
  }

  private static @Nullable Object some(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) {
      return SECRETS.matcher(component.getName()).matches() ? SECRET : "";
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Set.class) {
      return Set.of();
    }
    return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
  }

  @Test
  void only_the_command_line_ends_the_program() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packageOf("cli"), ROOT)
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(OURS);
  }

  @Test
  void no_package_is_a_drawer_for_anything() {
    classes()
        .should()
        .resideOutsideOfPackages(
            "..util..", "..common..", "..model..", "..service..", "..impl..", "..manager..")
        .check(OURS);
  }
}
