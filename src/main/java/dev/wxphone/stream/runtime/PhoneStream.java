package dev.wxphone.stream.runtime;

import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.ClientTrouble;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.MetricsText;
import dev.wxphone.stream.store.UnknownFormatException;
import dev.wxphone.stream.topology.PhoneTopology;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.TopicAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running stream, from its checks before the start to its end. */
public final class PhoneStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PhoneStream.class);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(9);

  private final StreamProperties properties;
  private final KafkaStreams streams;
  private final SessionKeyHorizon horizon;
  private final BrokerWatch watch;
  private final StateAge age;
  private final AnswerCounts counts;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CompletableFuture<OperatorException> failure = new CompletableFuture<>();
  private final ThreadFailures deaths;

  private PhoneStream(
      StreamProperties properties,
      KafkaStreams streams,
      SessionKeyHorizon horizon,
      BrokerWatch watch,
      StateAge age,
      AnswerCounts counts) {
    this.properties = properties;
    this.streams = streams;
    this.horizon = horizon;
    this.watch = watch;
    this.age = age;
    this.counts = counts;
    this.deaths = new ThreadFailures(properties.threads());
  }

  /**
   * Checks the cluster and starts the stream.
   *
   * @param start where a group without offsets begins; null to refuse where that is not plain
   * @throws OperatorException where a check fails
   */
  public static PhoneStream start(Settings settings, @Nullable StartPosition start) {
    KafkaProperties properties = new KafkaProperties(settings);
    Checked checked = check(settings, properties, start);
    int partitions = checked.partitions();
    PhoneProof.warmUp();
    AnswerCounts counts = new AnswerCounts();
    SessionKeyHorizon horizon = new SessionKeyHorizon(properties, settings, partitions);
    BrokerWatch watch = new BrokerWatch(properties);
    StreamProperties own = new StreamProperties(settings);
    Map<String, Object> config = own.properties();
    loadRocksDb(own);
    try {
      StreamsConfig streamsConfig = new StreamsConfig(config);
      KafkaStreams streams =
          new KafkaStreams(
              new PhoneTopology(
                      settings.answerRules(), partitions, checked.oldest(), horizon, counts)
                  .get(),
              streamsConfig);
      Path directory = own.stateDirectory();
      StateAge age = new StateAge(directory, checked.tombstonesKept());
      if (checked.origin().isForeignTo(directory)) {
        LOG.info("the state in {} is not of the topics that are there, and is removed", directory);
        streams.cleanUp();
      } else if (age.isTooOld(Instant.now())) {
        LOG.info(
            "the state in {} is older than what its changelogs can surely bring up to date, and is"
                + " removed",
            directory);
        streams.cleanUp();
      }
      if (!StateOrigin.holdsTasks(directory)) {
        age.begin(Instant.now());
      }
      checked.origin().note(directory);
      PhoneStream stream = new PhoneStream(own, streams, horizon, watch, age, counts);
      streams.setUncaughtExceptionHandler(stream::onDeath);
      streams.setGlobalStateRestoreListener(new RestoreListener());
      streams.setStateListener((now, before) -> stream.onState(now));
      horizon.start();
      watch.start(() -> stream.noteAge(false));
      streams.start();
      return stream;
    } catch (KafkaException | IOException e) {
      horizon.close();
      watch.close();
      throw notStarted(e, own);
    }
  }

  /** What the checks have found. */
  private record Checked(
      int partitions, Duration oldest, Duration tombstonesKept, StateOrigin origin) {}

  private static Checked check(
      Settings settings, KafkaProperties properties, @Nullable StartPosition start) {
    String servers = properties.bootstrapServers();
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      TopicAdmin topics = new TopicAdmin(admin, servers, AdminCalls.TIMEOUT);
      AdminCalls asking = new AdminCalls(servers);
      StartChecks.Passed passed =
          StartChecks.check(topics, settings.topics(), settings.applicationId(), servers);
      new ResetGuard(admin, asking, properties, settings).check(passed.partitions(), start);
      Map<String, String> ids = new HashMap<>();
      passed.changelogs().forEach((name, topic) -> ids.put(name, topic.id()));
      String cluster = asking.of(admin.describeCluster().clusterId(), "Describe on the cluster");
      return new Checked(
          passed.partitions(),
          passed.oldest(),
          Changelogs.tombstonesKept(passed.changelogs()),
          new StateOrigin(cluster, ids));
    } catch (KafkaException e) {
      throw ClientTrouble.of(e);
    }
  }

  /**
   * RocksDB unpacks 15 MB of its library. Beside the state it is the same file each time; in the
   * temporary directory, each process that is killed would leave another one behind.
   */
  private static void loadRocksDb(StreamProperties properties) {
    try {
      Files.createDirectories(properties.stateDirectory());
      NativeLibraryLoader.getInstance().loadLibrary(properties.stateDirectory().toString());
    } catch (IOException e) {
      throw OperatorException.failed(stateTrouble(properties));
    }
  }

  private static OperatorException notStarted(Exception e, StreamProperties properties) {
    if (!(e instanceof KafkaException kafka)) {
      return OperatorException.failed(stateTrouble(properties));
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to initialize state") || message.contains("lock")) {
      return OperatorException.failed(
          "the state directory "
              + properties.stateDirectory()
              + " is in use by another process; stop that one, or set another state.dir");
    }
    return isCausedBy(e, ProcessorStateException.class)
        ? OperatorException.failed(stateTrouble(properties))
        : ClientTrouble.of(kafka);
  }

  private static String stateTrouble(StreamProperties properties) {
    return "the state directory %s can't be used; see that it can be written and its disk has room. If it is damaged, remove it: what was there is restored from Kafka"
        .formatted(properties.stateDirectory());
  }

  /** Waits for the end and throws what it ended with, where that was not {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    OperatorException why = failure.getNow(null);
    if (why != null) {
      throw why;
    }
  }

  /** Waits until the stream reads its inputs; false where it ended or the time is over before. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end && ended.getCount() > 0) {
      if (streams.state() == State.RUNNING) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return false;
  }

  /** Stops and keeps the place in the group: a restart goes on at once. */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Stops. What is processed is committed, what is not stays for the next start.
   *
   * @param leave gives up the place in the group, so that others take over at once
   */
  public void close(boolean leave) {
    noteAge(true);
    streams.close(
        CloseOptions.timeout(CLOSE_WITHIN)
            .withGroupMembershipOperation(
                leave
                    ? GroupMembershipOperation.LEAVE_GROUP
                    : GroupMembershipOperation.REMAIN_IN_GROUP));
    horizon.close();
    watch.close();
    ended.countDown();
  }

  /** What it has answered since it started. */
  public AnswerCounts counts() {
    return counts;
  }

  /** What its health is judged by. */
  Health.Signs signs() {
    return new Health.Signs(
        MetricsText.secondsSinceLastPoll(streams.metrics()),
        horizon.secondsUnknown(),
        counts.overdueMillis(System.currentTimeMillis()) / 1000.0,
        watch.secondsAnswered());
  }

  State state() {
    return streams.state();
  }

  Map<MetricName, ? extends Metric> metrics() {
    return streams.metrics();
  }

  private void noteAge(boolean atOnce) {
    if (streams.state() == State.RUNNING && !Double.isNaN(watch.secondsAnswered())) {
      age.follows(Instant.now(), atOnce);
    }
  }

  private void onState(State now) {
    if (now == State.ERROR || now == State.NOT_RUNNING) {
      ended.countDown();
    }
  }

  private StreamThreadExceptionResponse onDeath(Throwable death) {
    if (isCausedBy(death, UnknownFormatException.class)) {
      return giveUp(
          "the stored state was written by another version of wxphone, which this one does not"
              + " know; run that version, or a newer one");
    }
    if (isCausedBy(death, MissingSourceTopicException.class)) {
      return giveUp("an input topic is gone; make it again with: wxphone topics apply");
    }
    String cause = root(death).getClass().getName();
    String name = root(death).getClass().getSimpleName();
    int count = deaths.count(Duration.ofNanos(System.nanoTime()), cause);
    if (deaths.tooMany(cause)) {
      return giveUp(
          isCausedBy(death, ProcessorStateException.class)
              ? stateTrouble(properties)
              : "stream threads died again and again, the last one with %2$s (%1$d times in %3$d minutes); see the log above and wxphone topics plan, then start again"
                  .formatted(count, name, ThreadFailures.WINDOW.toMinutes()));
    }
    LOG.warn(
        "a stream thread died with {} and is replaced ({} of {})",
        name,
        count,
        ThreadFailures.OF_ONE_CAUSE);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse giveUp(String line) {
    failure.complete(OperatorException.failed(line));
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  static boolean isCausedBy(Throwable thrown, Class<? extends Throwable> kind) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
