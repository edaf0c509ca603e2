package dev.wxphone.stream.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import dev.wxphone.stream.metrics.AnswerCounts.SessionKeyChange;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The metrics of one stream, for Prometheus. What is counted is read when it is asked for, so that
 * counting costs no more for it. Labels called {@code topic} have the topic's default name,
 * whatever the settings call it, so that dashboards fit every installation.
 */
public final class PrometheusMetrics {
  private static final double MILLIS = 1e3;

  private static final List<TopicRole> INPUTS =
      List.of(TopicRole.PHONE_PAYLOAD, TopicRole.SESSION_KEY);

  /** Of the JVM's memory, the areas without their pools. */
  private static final Set<String> JVM =
      Set.of("jvm_memory_used_bytes", "jvm_memory_committed_bytes", "jvm_memory_max_bytes");

  private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AnswerCounts counts;
  private final Supplier<StreamReadings> source;
  private StreamReadings stream;

  /**
   * Creates the metrics.
   *
   * @param topics what the settings call the topics
   * @param stores the names of the state stores
   * @param source what the stream shows of itself now
   */
  public PrometheusMetrics(
      AnswerCounts counts,
      TopicNames topics,
      List<String> stores,
      String version,
      Supplier<StreamReadings> source) {
    this.counts = counts;
    this.source = source;
    this.stream = source.get();
    registerAnswers();
    registerWaiting();
    counts.commitTimes().register(registry);
    registerStream(topics, stores);
    registerProcess(version);
    // Open letters, the oldest's age and the next expiry belong here once something in this
    // process reads the audit, which alone tells which letters are open.
  }

  /** Returns the type of the text, for the header {@code Content-Type}. */
  public static String contentType() {
    return WRITER.getContentType();
  }

  /** Returns all metrics in Prometheus' text format. */
  public synchronized String text() {
    stream = source.get();
    ByteArrayOutputStream text = new ByteArrayOutputStream(16 * 1024);
    try {
      WRITER.write(text, registry.scrape(name -> !name.startsWith("jvm_") || JVM.contains(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(UTF_8);
  }

  private void registerAnswers() {
    counters(
        "wxphone_records_total",
        "Records processed of each input.",
        "topic",
        INPUTS,
        TopicRole::defaultName,
        counts::records);
    counter("wxphone_profiles_total", "Profiles published.", counts::profiles);
    counters(
        "wxphone_dead_letters_total",
        "Dead letters published.",
        "reason",
        List.of(Reason.values()),
        Reason::name,
        counts::deadLetters);
    counters(
        "wxphone_refusals_total",
        "Dead letters of WeChat's refusals, by WeChat's errno.",
        "errno",
        List.of(RefusalErrno.values()),
        RefusalErrno::label,
        counts::refusals);
    counters(
        "wxphone_session_keys_total",
        "Logins, logouts and requests to forget a person that were read.",
        "event",
        List.of(SessionKeyChange.values()),
        PrometheusMetrics::label,
        counts::sessionKeyChanges);
    counters(
        "wxphone_recovered_total",
        "Profiles that a join with the newest key would have missed.",
        "cause",
        List.of(Recovered.values()),
        PrometheusMetrics::label,
        counts::recovered);
    counters(
        "wxphone_rerouted_total",
        "Records sent on into their right partition.",
        "topic",
        INPUTS,
        TopicRole::defaultName,
        counts::reroutedRecords);
    counter("wxphone_idle_users_total", "Users dropped since they were idle.", counts::idleUsers);
    counter(
        "wxphone_deleted_unread_records_total",
        "Records of the inputs that retention or a purge deleted unread, at most.",
        counts::deletedUnread);
    gauge(
        "wxphone_last_login_timestamp_seconds",
        "When the last login was read; the start if none was since.",
        () -> counts.lastLogin() / MILLIS);
    gauge(
        "wxphone_last_click_timestamp_seconds",
        "When the last payload was read; the start if none was since.",
        () -> counts.lastClick() / MILLIS);
  }

  private void registerWaiting() {
    gauge(
        "wxphone_waiting_payloads",
        "Payloads that wait for their session key.",
        counts::waitingPayloads);
    gauge(
        "wxphone_waiting_oldest_seconds",
        "Seconds for which the oldest payload has waited; 0 if none waits.",
        () -> counts.oldestMillis(System.currentTimeMillis()) / MILLIS);
    gauge(
        "wxphone_waiting_overdue_seconds",
        "Seconds since the earliest deadline of a waiting payload; 0 if none has passed.",
        () -> counts.overdueMillis(System.currentTimeMillis()) / MILLIS);
  }

  private void registerStream(TopicNames topics, List<String> stores) {
    gauge("wxphone_ready", "1 if payloads are answered now.", () -> stream.ready() ? 1 : 0);
    gauges(
        "wxphone_lag_records",
        "Records of the partitions of this process still to be read.",
        "topic",
        INPUTS,
        TopicRole::defaultName,
        input -> stream.kafka().lag(topics.of(input)));
    gauge(
        "wxphone_restore_remaining_records",
        "Records of changelogs still to be restored.",
        () -> stream.restoreRemaining());
    counter(
        "wxphone_restored_records_total",
        "Records of changelogs that were restored.",
        counts::restored);
    gauges(
        "wxphone_threads",
        "Stream threads by Kafka's name of their state.",
        "state",
        StreamReadings.THREAD_STATES,
        state -> state.toLowerCase(Locale.ROOT),
        state -> stream.threads().getOrDefault(state, 0));
    counter(
        "wxphone_failed_threads_total",
        "Stream threads that died since the start.",
        () -> stream.kafka().failedThreads());
    gauge(
        "wxphone_poll_age_seconds",
        "Seconds since the slowest stream thread last polled.",
        () -> {
          double seconds = stream.kafka().secondsSinceLastPoll();
          return Double.isNaN(seconds) ? 0 : seconds;
        });
    counter(
        "wxphone_rebalances_total",
        "Rebalances that this process took part in.",
        () -> stream.kafka().rebalances());
    gauge(
        "wxphone_broker_away_seconds",
        "Seconds for which no broker has answered; 0 while one does.",
        () -> stream.brokerAway());
    gauges(
        "wxphone_store_bytes",
        "Bytes of each state store on disk and in memory tables.",
        "store",
        stores,
        Function.identity(),
        store -> stream.kafka().storeBytes(store));
    gauges(
        "wxphone_store_keys",
        "Estimated number of entries of each state store.",
        "store",
        stores,
        Function.identity(),
        store -> stream.kafka().storeKeys(store));
  }

  private void registerProcess(String version) {
    Info.builder()
        .name("wxphone_build_info")
        .help("1; the label is the version of wxphone.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
    double start = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS;
    gauge("process_start_time_seconds", "When the process started.", () -> start);
    JvmMemoryMetrics.builder().register(registry);
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private <T> void counters(
      String name,
      String help,
      String label,
      List<T> all,
      Function<T, String> labelValue,
      Function<T, ? extends Number> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(callback -> each(all, labelValue, value, callback::call))
        .register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private <T> void gauges(
      String name,
      String help,
      String label,
      List<T> all,
      Function<T, String> labelValue,
      Function<T, ? extends Number> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(callback -> each(all, labelValue, value, callback::call))
        .register(registry);
  }

  /** A series of each label value; the callbacks of counters and gauges have no common type. */
  private interface Series {
    void call(double value, String... labelValues);
  }

  private static <T> void each(
      List<T> all,
      Function<T, String> labelValue,
      Function<T, ? extends Number> value,
      Series series) {
    all.forEach(one -> series.call(value.apply(one).doubleValue(), labelValue.apply(one)));
  }
}
