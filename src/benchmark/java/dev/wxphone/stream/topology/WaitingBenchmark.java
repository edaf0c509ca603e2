package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * What a crowd that waits costs those who don't: the same work beside nobody and beside 100,000
 * waiting payloads, in turn (A B B A), on RocksDB. Prints microseconds and their ratio.
 *
 * <pre>
 * mvn -q -Pbenchmarks test-compile exec:java -Dexec.mainClass=dev.wxphone.stream.topology.WaitingBenchmark
 * </pre>
 */
public final class WaitingBenchmark {
  private static final int CROWD = 100_000;
  private static final int PAYLOADS = 10_000;
  private static final int LOOKS = 2_000;
  private static final SessionKey KEY = Clicks.key(1);

  private record Cost(double payload, double look, double leaving) {}

  private WaitingBenchmark() {}

  /** Measures and prints. */
  public static void main(String[] args) {
    measure(1_000);
    List<Cost> nobody = new ArrayList<>();
    List<Cost> crowd = new ArrayList<>();
    for (int waiting : new int[] {0, CROWD, CROWD, 0}) {
      (waiting == 0 ? nobody : crowd).add(measure(waiting));
    }
    double payloadAlone = nobody.stream().mapToDouble(Cost::payload).average().orElse(0);
    double payloadBeside = crowd.stream().mapToDouble(Cost::payload).average().orElse(0);
    double lookAlone = nobody.stream().mapToDouble(Cost::look).average().orElse(0);
    double lookBeside = crowd.stream().mapToDouble(Cost::look).average().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "a payload that does not wait: %.1f µs beside nobody, %.1f µs beside %,d (ratio %.2f)%n",
        payloadAlone,
        payloadBeside,
        CROWD,
        payloadBeside / payloadAlone);
    System.out.printf(
        Locale.ROOT,
        "a look for who is due, nobody is: %.1f µs beside nobody, %.1f µs beside %,d%n",
        lookAlone,
        lookBeside,
        CROWD);
    System.out.printf(
        Locale.ROOT,
        "to give one up that is due: %.1f µs%n",
        crowd.stream().mapToDouble(Cost::leaving).average().orElse(0));
    System.exit(0);
  }

  private static Cost measure(int waiting) {
    Settings settings =
        Settings.load(null, Map.of(), Map.of("wxphone.session.wait", "PT10M"), warning -> {});
    AnswerCounts counts = new AnswerCounts();
    PhoneTopology topology =
        new PhoneTopology(
            settings.answerRules(),
            1,
            Provenance.OLDEST,
            Map.of(),
            new Horizons(Horizon.ALWAYS, Horizon.ALWAYS),
            counts);
    Properties properties = TestStream.properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "benchmark-" + UUID.randomUUID());
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
    Instant start = Instant.ofEpochMilli(Clicks.RECORD_TIME);
    try (TopologyTestDriver driver = new TopologyTestDriver(topology.get(), properties, start)) {
      TestInputTopic<byte[], byte[]> payloads = input(driver, "phone-payload");
      byte[] click = Clicks.under(KEY).value();
      for (int i = 0; i < waiting; i++) {
        payloads.pipeInput(("w" + i).getBytes(UTF_8), click, start);
      }
      input(driver, "session-key")
          .pipeInput(Clicks.OPENID.getBytes(UTF_8), Sent.login(Clicks.OPENID, KEY).value(), start);
      byte[] openid = Clicks.OPENID.getBytes(UTF_8);
      double payload = microseconds(PAYLOADS, () -> payloads.pipeInput(openid, click, start));
      // One who waits keeps the looks going where nobody else does.
      payloads.pipeInput("w".getBytes(UTF_8), click, start);
      double look = microseconds(LOOKS, () -> driver.advanceWallClockTime(Duration.ofMillis(100)));
      long before = System.nanoTime();
      driver.advanceWallClockTime(Duration.ofMinutes(10));
      while (counts.waitingPayloads() > 0) {
        driver.advanceWallClockTime(Duration.ofMillis(100));
      }
      double leaving = (System.nanoTime() - before) / 1e3 / Math.max(1, waiting);
      return new Cost(payload, look, leaving);
    }
  }

  private static double microseconds(int times, Runnable work) {
    for (int i = 0; i < times / 10; i++) {
      work.run();
    }
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    return (System.nanoTime() - start) / 1e3 / times;
  }

  private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
