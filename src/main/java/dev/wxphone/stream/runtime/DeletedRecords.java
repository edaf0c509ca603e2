package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of records that retention or a purge has deleted before the group read them, and counts
 * them. The consumer itself goes on with the oldest record that is left and says nothing.
 */
final class DeletedRecords {
  private static final Logger LOG = LoggerFactory.getLogger(DeletedRecords.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final String group;
  private final List<TopicPartition> inputs;
  private final AnswerCounts counts;

  /** Up to which offset the deleted records of a partition are counted. */
  private final Map<TopicPartition, Long> counted = new HashMap<>();

  private long lastCheck = System.nanoTime();

  DeletedRecords(Settings settings, int partitions, AnswerCounts counts) {
    this.group = settings.applicationId();
    this.counts = counts;
    this.inputs =
        Stream.of(settings.topics().phonePayload(), settings.topics().sessionKey())
            .flatMap(
                topic -> IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)))
            .toList();
  }

  /** Compares the group's offsets with the log again if it was not done for 30 s. */
  void checkNowAndThen(Admin admin, String bootstrapServers) {
    if (System.nanoTime() - lastCheck < INTERVAL.toNanos()) {
      return;
    }
    lastCheck = System.nanoTime();
    try {
      check(new GroupOffsets(admin, new AdminCalls(bootstrapServers, TIMEOUT), group));
    } catch (OperatorException | KafkaException e) {
      // The next one counts what this one could not see.
      LOG.debug("the group's offsets were not compared with the log", e);
    }
  }

  /**
   * Compares the group's offsets with the log before the start, and moves those that lie before it
   * to where the consumer goes on: a partition that nobody writes to keeps its offset for long, and
   * would be reported again.
   */
  void checkAtStart(GroupOffsets offsets) {
    check(offsets);
    if (!counted.isEmpty()) {
      offsets.move(counted);
    }
  }

  private void check(GroupOffsets offsets) {
    Map<TopicPartition, Long> committed = offsets.committed(inputs);
    offsets
        .deletedUnread(committed)
        .forEach(
            (partition, unread) -> {
              long stood = committed.getOrDefault(partition, 0L);
              long begin = stood + unread;
              long before = Math.max(stood, counted.getOrDefault(partition, stood));
              if (begin > before) {
                counted.put(partition, begin);
                counts.addDeletedUnread(begin - before);
                LOG.warn(
                    "up to {} records of {} were deleted unread, by retention or a purge: the group"
                        + " stood at {} and the log begins at {}, where it goes on; who clicked"
                        + " meanwhile has to click again",
                    begin - before,
                    partition,
                    stood,
                    begin);
              }
            });
  }
}
