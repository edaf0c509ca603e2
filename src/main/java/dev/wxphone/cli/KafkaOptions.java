package dev.wxphone.cli;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.KafkaSecrets;
import dev.wxphone.settings.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to Kafka. */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description =
          "The brokers to ask first (default: localhost:9092; for demo, a broker of its own).")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings, wxphone's and Kafka's, as Java properties.")
  private @Nullable Path config;

  @Option(names = "-D", paramLabel = "key=value", description = "One setting; may be given often.")
  private final Map<String, String> overrides = new LinkedHashMap<>();

  /** Returns whether the option names a cluster, which file and environment may do as well. */
  public boolean namesCluster() {
    return bootstrapServers != null;
  }

  /** Returns the settings of file, environment and options. */
  public Settings settings() {
    return settings(Map.of());
  }

  /**
   * Returns the settings of file, environment and options.
   *
   * @param ours settings of the command, which -D overrides; but its bootstrap.servers counts
   *     before all others
   */
  public Settings settings(Map<String, String> ours) {
    if (overrides.containsKey("")) {
      throw OperatorException.usage("-D=…: a key is missing before the =");
    }
    if (bootstrapServers != null && bootstrapServers.isBlank()) {
      throw OperatorException.usage("--bootstrap-servers: name a broker, as in localhost:9092");
    }
    KafkaSecrets.refuseOnCommandLine(overrides.keySet());
    Map<String, String> all = new LinkedHashMap<>(ours);
    all.putAll(overrides);
    if (bootstrapServers != null) {
      all.put("bootstrap.servers", bootstrapServers);
    } else if (ours.containsKey("bootstrap.servers")) {
      all.put("bootstrap.servers", ours.get("bootstrap.servers"));
    }
    return Settings.load(
        config, System.getenv(), all, warning -> System.err.println("wxphone: " + warning));
  }
}
