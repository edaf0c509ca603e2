package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that is measured, started in a process of its own with the JVM's default settings.
 *
 * @param name in tables
 * @param kind what it is
 * @param jar of wxphone; for the references unused
 * @param java the {@code java} that runs it
 * @param jvmOptions of its JVM
 * @param settings what it sets as {@code -Dkey=value} beside its installation
 */
record Contestant(
    String name,
    Kind kind,
    Path jar,
    String java,
    List<String> jvmOptions,
    Map<String, String> settings) {

  /** What a contestant is. */
  enum Kind {
    WXPHONE,
    JOIN,
    LOOP
  }

  static final String WXPHONE = "wxphone";

  static final Contestant JOIN = reference("join", Kind.JOIN);
  static final Contestant LOOP = reference("loop", Kind.LOOP);

  private static Contestant reference(String name, Kind kind) {
    return new Contestant(name, kind, Path.of(""), BenchmarkBroker.java(), List.of(), Map.of());
  }

  boolean isReference() {
    return kind != Kind.WXPHONE;
  }

  /**
   * Returns wxphone as it is, and its variants.
   *
   * @param variants each {@code NAME:PART}, where PART is {@code jar=FILE}, {@code java=FILE},
   *     {@code -Dkey=value}, or an option of the JVM that begins with {@code -X}; those of one name
   *     are one variant
   */
  static List<Contestant> wxphone(Path jar, List<String> variants) {
    Map<String, Contestant> byName = new LinkedHashMap<>();
    Contestant plain =
        new Contestant(WXPHONE, Kind.WXPHONE, jar, BenchmarkBroker.java(), List.of(), Map.of());
    byName.put(WXPHONE, plain);
    for (String variant : variants) {
      String[] parts = variant.split(":", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException("'%s' is not NAME:PART".formatted(variant));
      }
      Contestant known = byName.getOrDefault(parts[0], plain.named(parts[0]));
      byName.put(parts[0], known.with(parts[1]));
    }
    return List.copyOf(byName.values());
  }

  private Contestant named(String newName) {
    return new Contestant(newName, kind, jar, java, jvmOptions, settings);
  }

  /** Returns a contestant that differs in one part. */
  Contestant with(String part) {
    if (part.startsWith("jar=")) {
      Path file = Path.of(part.substring(4)).toAbsolutePath();
      return new Contestant(name, kind, file, java, jvmOptions, settings);
    }
    if (part.startsWith("java=")) {
      return new Contestant(name, kind, jar, part.substring(5), jvmOptions, settings);
    }
    if (part.startsWith("-X")) {
      List<String> options = new ArrayList<>(jvmOptions);
      options.add(part);
      return new Contestant(name, kind, jar, java, options, settings);
    }
    if (part.startsWith("-D") && part.contains("=")) {
      Map<String, String> more = new LinkedHashMap<>(settings);
      String[] keyAndValue = part.substring(2).split("=", 2);
      more.put(keyAndValue[0], keyAndValue[1]);
      return new Contestant(name, kind, jar, java, jvmOptions, more);
    }
    throw new IllegalArgumentException(
        "'%s' is not jar=FILE, java=FILE, -Dkey=value or -X…".formatted(part));
  }

  /** Starts it on the topics of an installation. */
  Program start(BenchmarkBroker broker, Settings installation) {
    return start(broker, installation, List.of());
  }

  /**
   * Starts it on the topics of an installation.
   *
   * @param more arguments beside its settings
   */
  Program start(BenchmarkBroker broker, Settings installation, List<String> more) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(jvmOptions);
    command.add("-Djava.io.tmpdir=" + broker.directory());
    command.addAll(
        switch (kind) {
          case WXPHONE -> run(installation);
          case JOIN -> join(broker, installation);
          case LOOP -> loop(broker, installation);
        });
    command.addAll(more);
    return Program.command(Path.of("").toAbsolutePath(), Map.of(), command);
  }

  private List<String> run(Settings installation) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("bootstrap.servers", installation.bootstrapServers().orElseThrow());
    all.put("application.id", installation.applicationId());
    all.put("state.dir", stateDirectory(installation));
    all.put("wxphone.http.port", "0");
    installation
        .topics()
        .byDefaultName()
        .forEach((topic, itsName) -> all.put("wxphone.topic." + topic, itsName));
    all.putAll(settings);
    List<String> arguments = new ArrayList<>(List.of("-jar", jar.toString(), "run"));
    all.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    return arguments;
  }

  private static List<String> join(BenchmarkBroker broker, Settings installation) {
    return List.of(
        "-cp",
        BenchmarkBroker.classPath(),
        QuickStartJoin.class.getName(),
        broker.bootstrapServers(),
        installation.applicationId(),
        stateDirectory(installation),
        installation.topics().phonePayload(),
        installation.topics().sessionKey(),
        installation.topics().userProfile());
  }

  private static List<String> loop(BenchmarkBroker broker, Settings installation) {
    return List.of(
        "-cp",
        BenchmarkBroker.classPath(),
        HandWrittenLoop.class.getName(),
        broker.bootstrapServers(),
        installation.applicationId(),
        installation.topics().phonePayload(),
        installation.topics().sessionKey(),
        installation.topics().userProfile());
  }

  static String stateDirectory(Settings installation) {
    @Nullable String directory = installation.kafka().get("state.dir");
    if (directory == null) {
      throw new IllegalStateException("an installation has a state directory");
    }
    return directory;
  }
}
