package dev.wxphone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
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

  /** What each package may know of ours, beside itself and the root package. */
  private static final Map<String, Set<String>> ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("domain", Set.of()),
              Map.entry("settings", Set.of()),
              Map.entry("topics", Set.of()),
              Map.entry("broker", Set.of()),
              Map.entry("codec", Set.of("domain")),
              Map.entry("envelope", Set.of("domain", "codec")),
              Map.entry("proof", Set.of("domain", "codec")),
              Map.entry("topology", Set.of("proof", "envelope", "codec", "settings", "domain")),
              Map.entry("books", Set.of("settings", "envelope", "domain")),
              Map.entry(
                  "runtime",
                  Set.of("topology", "topics", "settings", "envelope", "codec", "proof", "domain")),
              Map.entry(
                  "demo", Set.of("runtime", "books", "settings", "topology", "envelope", "domain")),
              Map.entry(
                  "letters",
                  Set.of(
                      "runtime", "topics", "settings", "topology", "envelope", "codec", "domain")),
              Map.entry(
                  "replay",
                  Set.of("letters", "runtime", "settings", "envelope", "codec", "domain")),
              Map.entry("forget", Set.of("runtime", "topics", "settings", "envelope")),
              Map.entry("publish", Set.of("runtime", "topics", "settings", "codec", "domain")),
              Map.entry(
                  "doctor",
                  Set.of(
                      "letters", "runtime", "topics", "settings", "envelope", "codec", "domain")),
              Map.entry(
                  "cli",
                  Set.of(
                      "demo",
                      "broker",
                      "runtime",
                      "books",
                      "publish",
                      "letters",
                      "replay",
                      "forget",
                      "doctor",
                      "topics",
                      "settings",
                      "envelope",
                      "codec",
                      "domain"))));

  static Set<String> packages() {
    return ARROWS.keySet();
  }

  private static String packageOf(String name) {
    return ROOT + "." + name + "..";
  }

  @Test
  void every_package_has_its_arrows() {
    Set<String> found =
        OURS.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found).isEqualTo(packages());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packages")
  void arrows_go_one_way(String name) {
    Set<String> known = ARROWS.getOrDefault(name, Set.of());
    String[] others =
        packages().stream()
            .filter(other -> !other.equals(name) && !known.contains(other))
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(OURS);
  }

  @Test
  void the_root_package_knows_none_of_the_others_and_the_pure_ones_not_even_it() {
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
        .check(OURS);
    noClasses()
        .that()
        .resideInAnyPackage(pure("domain", "codec", "proof", "envelope", "topology"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(OURS);
  }

  private static String[] pure(String... names) {
    return Arrays.stream(names).map(ArchitectureTest::packageOf).toArray(String[]::new);
  }

  @Test
  void only_the_broker_knows_broker_classes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("broker"))
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
        .resideInAnyPackage(pure("domain", "codec", "proof"))
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
          .resideInAnyPackage(pure("domain", "codec", "proof", "envelope"))
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
        .resideInAnyPackage(pure("domain", "codec", "proof", "envelope"))
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
    assertThat(made).contains("Profile", "PhoneClaim", "Click", "Enrichment", "Given");
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
    return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
  }

  @Test
  void only_the_command_line_ends_the_program() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packageOf("cli"))
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
