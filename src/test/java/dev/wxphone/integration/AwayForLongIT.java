package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.topics.Changelogs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/**
 * A process whose state is older than the tombstones that its changelog keeps: compaction has taken
 * away what would tell it which payloads were answered meanwhile.
 */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
class AwayForLongIT {
  private static final int CLICKS = 24;
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
  private static final String WAIT = "-Dwxphone.session.wait=PT8S";

  private final SharedBroker broker;

  AwayForLongIT(SharedBroker broker) {
    this.broker = broker;
  }

  @Test
  void what_others_answered_while_a_process_was_away_is_not_answered_again() throws Exception {
    try (Installation installation = new Installation(broker, 1);
        Admin admin = installation.admin()) {
      Program away = installation.run("--leave", WAIT);
      installation.publishAll(clicks(installation, CLICKS));
      away.awaitMetric("wxphone_waiting_payloads", CLICKS);
      away.terminate(STOPS_WITHIN);
      String changelog = Changelogs.waiting(installation.applicationId());
      Set<ByteBuffer> keys = keys(installation, changelog);
      assertThat(keys).hasSize(CLICKS);
      assertThat(installation.awaitAnswers(0)).as("it went before they were due").isEmpty();

      Program other =
          installation.startRun(
              Map.of(),
              "--leave",
              WAIT,
              "-Dstate.dir=" + installation.stateDirectory().resolveSibling("other"));
      installation.awaitAnswers(CLICKS);
      compactSoon(admin, changelog);
      int more = 0;
      do {
        // Kafka rolls a segment, and so compacts the one before, only when something is appended.
        installation.publishAll(clicks(installation, 1));
        other.awaitMetric("wxphone_waiting_payloads", 1);
        more++;
        assertThat(more).as("tombstones are compacted away").isLessThan(500);
      } while (keys(installation, changelog).stream().anyMatch(keys::contains));
      other.terminate(STOPS_WITHIN);

      Program back = installation.run(WAIT);
      Books books = installation.booksOf(CLICKS + more);
      assertThat(books.balance()).as(BooksReport.verdict(books)).isTrue();
      assertThat(books.allDeadLetters()).isEqualTo(CLICKS + more);
      assertThat(back.terminate(STOPS_WITHIN).err())
          .anyMatch(line -> line.endsWith("can surely bring up to date, and is removed"));
    }
  }

  /** Of users whose logins never come. */
  private static List<ProducerRecord<byte[], byte[]>> clicks(Installation installation, int count) {
    List<ProducerRecord<byte[], byte[]>> clicks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestUser user = new TestUser();
      clicks.add(
          new ProducerRecord<>(
              installation.topics().phonePayload(),
              user.openid().getBytes(UTF_8),
              user.click().json().getBytes(UTF_8)));
    }
    return clicks;
  }

  private static Set<ByteBuffer> keys(Installation installation, String changelog) {
    return installation.records(changelog).stream()
        .map(record -> ByteBuffer.wrap(record.key()))
        .collect(Collectors.toSet());
  }

  /** The days of a changelog in fractions of a second. */
  private static void compactSoon(Admin admin, String changelog)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> changes =
        Map.of(
            new ConfigResource(ConfigResource.Type.TOPIC, changelog),
            List.of(
                set(TopicConfig.SEGMENT_MS_CONFIG, "100"),
                set(TopicConfig.DELETE_RETENTION_MS_CONFIG, "1"),
                set(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "100"),
                set(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0")),
            new ConfigResource(ConfigResource.Type.BROKER, ""),
            List.of(set("log.cleaner.backoff.ms", "100")));
    admin.incrementalAlterConfigs(changes).all().get();
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }
}
