package dev.wxphone.stream.runtime;

import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.store.UnknownFormatException;
import dev.wxphone.stream.topology.Horizons;
import dev.wxphone.stream.topology.PhoneTopology;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running stream, from the checks before its start to its end. */
public final class PhoneStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PhoneStream.class);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(9);

  private final StateDirectory directory;
  private final KafkaStreams streams;
  private final TopicHorizon sessionKeys;
  private final TopicHorizon payloads;
  private final BrokerWatch watch;
  private final StateAge age;
  private final AnswerCounts counts;
  private final StreamStatus status;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CompletableFuture<OperatorException> failure = new CompletableFuture<>();
  private final ThreadFailures failures;
  private volatile @Nullable End end;

  /** How a stream ended, where another one may go on in this process. */
  enum End {
    OUT_OF_MEMORY,
    /** Its place in the group is another's, or a broker that failed has lost it. */
    FENCED
  }

  private PhoneStream(
      StateDirectory directory,
      int threads,
      KafkaStreams streams,
      TopicHorizon sessionKeys,
      TopicHorizon payloads,
      BrokerWatch watch,
      StateAge age,
      AnswerCounts counts,
      StreamStatus status) {
    this.directory = directory;
    this.streams = streams;
    this.sessionKeys = sessionKeys;
    this.payloads = payloads;
    this.watch = watch;
    this.age = age;
    this.counts = counts;
    this.status = status;
    this.failures = new ThreadFailures(threads);
  }

  /**
   * Checks the cluster and starts the stream.
   *
   * @param start where a group without offsets begins; null to fail if answers exist already
   * @throws OperatorException if a check fails or Kafka Streams can't start
   */
  public static PhoneStream start(Settings settings, @Nullable StartPosition start) {
    return start(settings, start, new AnswerCounts());
  }

  /**
   * Checks the cluster and starts the stream.
   *
   * @param counts those of an earlier stream of this process, to count on
   * @throws OperatorException if a check fails or Kafka Streams can't start
   */
  static PhoneStream start(Settings settings, @Nullable StartPosition start, AnswerCounts counts) {
    StreamProperties properties = new StreamProperties(settings);
    return start(
        settings, properties, properties.properties(), properties.threads(), start, counts);
  }

  /**
   * Starts a stream that reads, answers and commits one record after the other, in one thread.
   *
   * @throws OperatorException if a check fails or Kafka Streams can't start
   */
  static PhoneStream startRecordAtATime(Settings settings, AnswerCounts counts) {
    StreamProperties properties = new StreamProperties(settings);
    return start(settings, properties, properties.recordAtATime(), 1, null, counts);
  }

  private static PhoneStream start(
      Settings settings,
      StreamProperties streamProperties,
      Map<String, Object> config,
      int threads,
      @Nullable StartPosition start,
      AnswerCounts counts) {
    KafkaProperties properties = new KafkaProperties(settings);
    counts.forgetWaiting();
    StartChecks.Passed checked = StartChecks.check(settings, properties, start, counts);
    if (!checked.staticMembers()) {
      streamProperties.beDynamic(config);
    }
    int partitions = checked.partitions();
    PhoneProof.warmUp();
    TopicHorizon sessionKeys =
        new TopicHorizon(properties, settings, settings.topics().sessionKey(), partitions);
    TopicHorizon payloads =
        new TopicHorizon(properties, settings, settings.topics().phonePayload(), partitions);
    BrokerWatch watch = new BrokerWatch(properties);
    StateDirectory directory = streamProperties.stateDirectory();
    directory.loadRocksDb();
    try {
      StreamsConfig streamsConfig = new StreamsConfig(config);
      KafkaStreams streams =
          new KafkaStreams(
              new PhoneTopology(
                      settings.answerRules(),
                      partitions,
                      checked.oldest(),
                      checked.returned(),
                      new Horizons(payloads, sessionKeys),
                      counts)
                  .get(),
              streamsConfig,
              new StreamClients(counts.commitTimes()));
      StateAge age = new StateAge(directory, checked.tombstonesKept());
      directory.prepare(checked.origin(), age, streams::cleanUp);
      RestoreListener restore = new RestoreListener(counts);
      StreamStatus status =
          new StreamStatus(
              streams,
              streamsConfig,
              threads,
              settings.topics(),
              watch,
              restore,
              sessionKeys::secondsUnknown,
              counts);
      PhoneStream stream =
          new PhoneStream(
              directory, threads, streams, sessionKeys, payloads, watch, age, counts, status);
      streams.setUncaughtExceptionHandler(stream::onThreadFailure);
      streams.setGlobalStateRestoreListener(restore);
      streams.setStateListener((now, before) -> stream.onState(now));
      sessionKeys.start();
      payloads.start();
      watch.start(
          admin -> {
            stream.recordAge(false);
            checked.deleted().checkNowAndThen(admin, properties.bootstrapServers());
          });
      streams.start();
      return stream;
    } catch (KafkaException | IOException e) {
      sessionKeys.close();
      payloads.close();
      watch.close();
      throw notStarted(e, directory);
    }
  }

  private static OperatorException notStarted(Exception e, StateDirectory directory) {
    if (!(e instanceof KafkaException kafka)) {
      return OperatorException.failed(directory.unusable());
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to initialize state") || message.contains("lock")) {
      return OperatorException.failed(directory.inUse());
    }
    return KafkaErrors.isCausedBy(e, ProcessorStateException.class)
        ? OperatorException.failed(directory.unusable())
        : KafkaErrors.ofClient(kafka);
  }

  /**
   * Waits until the stream has ended.
   *
   * @throws OperatorException if it ended for another reason than {@link #close}
   */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    OperatorException thrown = failure.getNow(null);
    if (thrown != null) {
      throw thrown;
    }
  }

  /**
   * Waits until the stream has ended; returns false if the time elapses first.
   *
   * @throws OperatorException if it ended for another reason than {@link #close}
   */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    if (!ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    awaitEnd();
    return true;
  }

  /** Returns how the stream ended; null if it has not, or if no other one may go on. */
  @Nullable End end() {
    return end;
  }

  /**
   * Waits until the stream reads its inputs; returns false if it ends or the time elapses first.
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end && ended.getCount() > 0) {
      if (streams.state() == State.RUNNING) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return false;
  }

  /** Stops and remains a member of the group, so that a restart resumes at once. */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Stops: commits what is processed and leaves the rest to the next start.
   *
   * @param leave whether to leave the group, so that other members take over at once
   */
  public void close(boolean leave) {
    recordAge(true);
    streams.close(
        CloseOptions.timeout(CLOSE_WITHIN)
            .withGroupMembershipOperation(
                leave
                    ? GroupMembershipOperation.LEAVE_GROUP
                    : GroupMembershipOperation.REMAIN_IN_GROUP));
    sessionKeys.close();
    payloads.close();
    watch.close();
    ended.countDown();
  }

  /** Returns the counts of answers since the start. */
  public AnswerCounts counts() {
    return counts;
  }

  /** Returns how it is doing. */
  StreamStatus status() {
    return status;
  }

  private void recordAge(boolean atOnce) {
    if (streams.state() == State.RUNNING && watch.contact().answers()) {
      age.follows(Instant.now(), atOnce);
    }
  }

  private void onState(State now) {
    if (now == State.ERROR || now == State.NOT_RUNNING) {
      ended.countDown();
    }
  }

  private StreamThreadExceptionResponse onThreadFailure(Throwable thrown) {
    if (KafkaErrors.isCausedBy(thrown, OutOfMemoryError.class)) {
      end = End.OUT_OF_MEMORY;
      return giveUp(
          "out of memory (the heap has %d MB); give it more, as in java -Xmx2g -jar wxphone.jar run"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
    }
    if (KafkaErrors.isCausedBy(thrown, FencedInstanceIdException.class)) {
      // A thread that replaces this one gets a place of its own in the group, and may have to wait
      // for this one's for max.poll.interval.ms. A new stream takes this one's again.
      end = End.FENCED;
      return giveUp(
          "another process takes this one's place in the group again and again; give each process"
              + " a state.dir of its own, or another group.instance.id");
    }
    if (KafkaErrors.isCausedBy(thrown, UnknownFormatException.class)) {
      return giveUp(
          "the stored state was written by another version of wxphone, which this one does not"
              + " know; run that version, or a newer one");
    }
    if (KafkaErrors.isCausedBy(thrown, MissingSourceTopicException.class)) {
      return giveUp("an input topic is gone; make it again with: wxphone topics apply");
    }
    Class<?> type = KafkaErrors.rootCause(thrown).getClass();
    String cause = type.getName();
    String name = type.getSimpleName();
    int count = failures.count(Duration.ofNanos(System.nanoTime()), cause);
    if (failures.tooMany(cause)) {
      return giveUp(
          KafkaErrors.isCausedBy(thrown, ProcessorStateException.class)
              ? directory.unusable()
              : "stream threads died again and again, the last one with %2$s (%1$d times in %3$d minutes); see the log above and wxphone topics plan, then start again"
                  .formatted(count, name, ThreadFailures.WINDOW.toMinutes()));
    }
    LOG.warn(
        "a stream thread died with {} and is replaced ({} of {})",
        name,
        count,
        ThreadFailures.MAX_OF_ONE_CAUSE);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse giveUp(String line) {
    failure.complete(OperatorException.failed(line));
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }
}
