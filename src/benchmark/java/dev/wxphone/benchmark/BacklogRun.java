package dev.wxphone.benchmark;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a contestant takes for a backlog. The CPU time is that of its whole process, all threads.
 *
 * @param micros microseconds of CPU for each payload, from the first commit of payloads to the last
 * @param totalMicros the same from the start of the process, so with the JVM's start, the reading
 *     of the logins and the warm-up
 * @param brokerMicros microseconds of the broker's CPU for each payload, from the first commit
 * @param perSecond payloads each second of wall-clock time, from the first commit
 * @param megabytes the peak of its resident memory
 */
record BacklogRun(
    double micros, double totalMicros, double brokerMicros, double perSecond, long megabytes) {

  private static final long SAMPLE_MILLIS = 100;
  private static final Duration STUCK = Duration.ofMinutes(2);

  /** What is known of a process at an instant. */
  private record Sample(long nanos, Duration cpu, Duration broker, long committed) {}

  /** A backlog on its topics. */
  record Backlog(Settings installation, BenchmarkTraffic traffic) {
    static Backlog publish(BenchmarkBroker broker, BenchmarkTraffic traffic) {
      Settings installation = broker.install(traffic.partitions(), null);
      traffic.publish(broker.bootstrapServers(), installation.topics());
      return new Backlog(installation, traffic);
    }
  }

  /**
   * Runs a contestant over a backlog until the last answer is committed.
   *
   * @throws IllegalStateException if it has not answered all
   */
  static BacklogRun of(BenchmarkBroker broker, Contestant contestant, Backlog backlog) {
    BenchmarkTraffic traffic = backlog.traffic();
    Settings installation = broker.install(traffic.partitions(), backlog.installation());
    TopicNames topics = installation.topics();
    BacklogRun run;
    Duration brokerBefore = broker.cpuTime();
    try (Program program = contestant.start(broker, installation)) {
      Watch watch = new Watch(broker, contestant, installation, program);
      Sample first = watch.awaitCommitted(1);
      Sample last = watch.awaitEnd();
      long megabytes = program.peakResidentKilobytes() / 1024;
      double payloads = last.committed() - first.committed();
      run =
          new BacklogRun(
              micros(last.cpu().minus(first.cpu())) / payloads,
              micros(last.cpu()) / traffic.payloads(),
              micros(last.broker().minus(brokerBefore)) / traffic.payloads(),
              payloads * 1e9 / (last.nanos() - first.nanos()),
              megabytes);
      // Not killed, so that what its JVM records of it is written.
      program.terminate(STUCK);
    }
    long answers =
        broker.count(topics.userProfile())
            + (contestant.isReference() ? 0 : broker.count(topics.deadLetter()));
    if (answers != traffic.payloads()) {
      throw new IllegalStateException(
          "%s gave %d answers to %d payloads"
              .formatted(contestant.name(), answers, traffic.payloads()));
    }
    broker.remove(installation);
    return run;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%6.2f µs/record (%6.2f from the process's start), broker %5.2f µs, %,8.0f/s, peak %,d MB",
        micros,
        totalMicros,
        brokerMicros,
        perSecond,
        megabytes);
  }

  private static double micros(Duration cpu) {
    return cpu.toNanos() / 1e3;
  }

  /** Watches a contestant by the offsets that its group commits. */
  private record Watch(
      BenchmarkBroker broker, Contestant contestant, Settings installation, Program program) {

    Sample awaitCommitted(long atLeast) {
      long deadline = System.nanoTime() + STUCK.toNanos();
      while (true) {
        Sample sample = sample();
        if (sample.committed() >= atLeast) {
          return sample;
        }
        requireProgress(deadline);
      }
    }

    /** A process that reroutes moves the ends of its own inputs, and one that waits is not done. */
    Sample awaitEnd() {
      String payloads = installation.topics().phonePayload();
      String sessionKeys = installation.topics().sessionKey();
      long deadline = System.nanoTime() + STUCK.toNanos();
      long before = 0;
      while (true) {
        Sample sample = sample();
        if (sample.committed() > before) {
          before = sample.committed();
          deadline = System.nanoTime() + STUCK.toNanos();
        }
        boolean done =
            sample.committed() >= broker.end(payloads)
                && (contestant.isReference()
                    || (broker.committed(installation.applicationId(), sessionKeys)
                            >= broker.end(sessionKeys)
                        && program.metric("wxphone_waiting_payloads") == 0));
        if (done) {
          return sample;
        }
        requireProgress(deadline);
      }
    }

    private Sample sample() {
      try {
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Sample(
          System.nanoTime(),
          program.cpuTime(),
          broker.cpuTime(),
          broker.committed(installation.applicationId(), installation.topics().phonePayload()));
    }

    private void requireProgress(long deadline) {
      if (!program.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(contestant.name() + " is stuck; " + program);
      }
    }
  }
}
