package dev.wxphone.settings;

import dev.wxphone.core.domain.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator has set, checked and immutable.
 *
 * @param appids the appids that are ours; empty: the appid of the session key's record counts
 * @param sessionKeys how many of an openid's latest distinct session keys are kept and tried
 * @param sessionWait how long a payload waits for its key; zero: not at all
 * @param sessionFailures how many payloads of one openid may be stale within a day under one key
 * @param sessionWaitMax how many payloads of one openid may wait
 * @param watermarkMaxAge how far a watermark may lie before the record's timestamp
 * @param reroute whether a record in the wrong partition is sent once more, properly partitioned
 * @param httpPort the port of health and metrics; 0 is any free one, -1 none
 * @param rocksdbMegabytes memory of all state stores of this process together
 * @param kafka every key that isn't ours, with its value as given; it may hold passwords
 */
public record Settings(
    SortedSet<String> appids,
    int sessionKeys,
    Duration sessionWait,
    int sessionFailures,
    int sessionWaitMax,
    Duration watermarkMaxAge,
    boolean reroute,
    TopicNames topics,
    int httpPort,
    int rocksdbMegabytes,
    Map<String, String> kafka) {

  private static final String DEFAULT_APPLICATION_ID = "wxphone";

  public Settings {
    appids = Collections.unmodifiableSortedSet(new TreeSet<>(appids));
    kafka = Collections.unmodifiableSortedMap(new TreeMap<>(kafka));
  }

  /**
   * Reads the settings: defaults, then the file, the environment and the overrides, later ones
   * counting.
   *
   * @param configFile Java properties in UTF-8, or null for none
   * @param overrides the keys and values of {@code -D}
   * @param warnings takes one line for each thing that looks wrong and stops nothing
   * @throws dev.wxphone.operator.OperatorException (usage) if something is set wrongly; never with
   *     a value of Kafka's
   */
  public static Settings load(
      @Nullable Path configFile,
      Map<String, String> environment,
      Map<String, String> overrides,
      Consumer<String> warnings) {
    return SettingsLoader.load(
        configFile == null ? "no file" : configFile.toString(),
        configFile == null ? Map.of() : SettingsFile.readProperties(configFile),
        environment,
        overrides,
        SettingsFile::readSecret,
        warnings);
  }

  /** Kafka's {@code application.id}, which names the group, the stores and their changelogs. */
  public String applicationId() {
    return kafkaText("application.id").orElse(DEFAULT_APPLICATION_ID);
  }

  /** Where Kafka is, if that was set. */
  public Optional<String> bootstrapServers() {
    return kafkaText("bootstrap.servers");
  }

  private Optional<String> kafkaText(String key) {
    return Optional.ofNullable(kafka.get(key)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Shows of Kafka's settings the keys only: sasl.jaas.config, for one, holds a password. */
  @Override
  public String toString() {
    return "Settings[appids=%s, sessionKeys=%d, sessionWait=%s, sessionFailures=%d, sessionWaitMax=%d, watermarkMaxAge=%s, reroute=%s, topics=%s, httpPort=%d, rocksdbMegabytes=%d, kafka=%s]"
        .formatted(
            appids,
            sessionKeys,
            sessionWait,
            sessionFailures,
            sessionWaitMax,
            watermarkMaxAge,
            reroute,
            topics,
            httpPort,
            rocksdbMegabytes,
            kafka.keySet());
  }
}
