package dev.wxphone.settings;

import dev.wxphone.core.domain.AnswerRules;
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
 * The settings of an operator, checked and immutable. {@link AnswerRules} describes the first nine.
 *
 * @param httpPort the port of health and metrics; 0 is any free port, -1 turns them off
 * @param httpHost the host name or address of health and metrics; empty for all addresses
 * @param rocksdbMegabytes the memory of all state stores of this process together, in MiB
 * @param kafka the settings without the prefix {@code wxphone.}, as given; may hold passwords
 */
public record Settings(
    SortedSet<String> appids,
    int sessionKeys,
    Duration sessionWait,
    int sessionFailures,
    int sessionWaitMax,
    Duration watermarkMaxAge,
    Duration usersIdle,
    boolean reroute,
    TopicNames topics,
    int httpPort,
    String httpHost,
    int rocksdbMegabytes,
    Map<String, String> kafka) {

  private static final String DEFAULT_APPLICATION_ID = "wxphone";

  public Settings {
    appids = Collections.unmodifiableSortedSet(new TreeSet<>(appids));
    kafka = Collections.unmodifiableSortedMap(new TreeMap<>(kafka));
  }

  /**
   * Loads the settings from the defaults, the file, the environment and the overrides; each source
   * overrides those before it.
   *
   * @param configFile Java properties in UTF-8, or null for none
   * @param overrides the keys and values of {@code -D}
   * @param warnings takes one line for each variable that is ignored but looks like a setting
   * @throws dev.wxphone.operator.OperatorException (usage) if a setting is invalid; the message
   *     holds no value of a Kafka setting
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

  /** Returns the rules by which payloads are answered. */
  public AnswerRules answerRules() {
    return new AnswerRules(
        topics,
        appids,
        sessionKeys,
        sessionWait,
        sessionWaitMax,
        sessionFailures,
        watermarkMaxAge,
        usersIdle,
        reroute);
  }

  /** Returns Kafka's {@code application.id}: the name of the group, and the changelogs' prefix. */
  public String applicationId() {
    return kafkaText("application.id").orElse(DEFAULT_APPLICATION_ID);
  }

  /** Returns Kafka's {@code bootstrap.servers}, if set. */
  public Optional<String> bootstrapServers() {
    return kafkaText("bootstrap.servers");
  }

  private Optional<String> kafkaText(String key) {
    return Optional.ofNullable(kafka.get(key)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Shows only the keys of Kafka's settings: sasl.jaas.config, for one, holds a password. */
  @Override
  public String toString() {
    return "Settings[appids=%s, sessionKeys=%d, sessionWait=%s, sessionFailures=%d, sessionWaitMax=%d, watermarkMaxAge=%s, usersIdle=%s, reroute=%s, topics=%s, httpPort=%d, httpHost=%s, rocksdbMegabytes=%d, kafka=%s]"
        .formatted(
            appids,
            sessionKeys,
            sessionWait,
            sessionFailures,
            sessionWaitMax,
            watermarkMaxAge,
            usersIdle,
            reroute,
            topics,
            httpPort,
            httpHost,
            rocksdbMegabytes,
            kafka.keySet());
  }
}
