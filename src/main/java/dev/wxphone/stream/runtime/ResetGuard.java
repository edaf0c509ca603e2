package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prevents a group that lost its offsets (a reset, a new {@code application.id}, a week without a
 * member) from answering all payloads again. The first offsets of a new group are committed before
 * the stream starts, so that a crash before the stream's first commit does not look like a loss.
 */
final class ResetGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ResetGuard.class);
  private static final Duration READ_AT_MOST = Duration.ofSeconds(30);

  private final Admin admin;
  private final AdminCalls calls;
  private final KafkaProperties properties;
  private final String group;
  private final GroupOffsets offsets;
  private final TopicNames topics;

  ResetGuard(Admin admin, AdminCalls calls, KafkaProperties properties, Settings settings) {
    this.admin = admin;
    this.calls = calls;
    this.properties = properties;
    this.group = settings.applicationId();
    this.offsets = new GroupOffsets(admin, calls, group);
    this.topics = settings.topics();
  }

  /**
   * Commits the first offsets of a group that has none.
   *
   * @param partitions number of partitions of each input
   * @param start the operator's choice; null if none was made
   * @return whether it has begun at the operator's choice, so that there may be answers of others
   * @throws OperatorException if the group lost offsets and the operator made no choice
   */
  boolean check(int partitions, @Nullable StartPosition start) {
    List<TopicPartition> payloads = partitions(topics.phonePayload(), partitions);
    List<TopicPartition> missing = offsets.missing(payloads);
    if (missing.isEmpty()) {
      if (start != null) {
        LOG.info("group {} has offsets and goes on from them; --start is not needed", group);
      }
      return false;
    }
    if (start == null) {
      requireNoAnswers(payloads, missing);
    }
    OffsetSpec spec = start == StartPosition.LATEST ? OffsetSpec.latest() : OffsetSpec.earliest();
    Map<TopicPartition, OffsetAndMetadata> first = list(missing, spec);
    List<TopicPartition> keys = offsets.missing(partitions(topics.sessionKey(), partitions));
    first.putAll(list(keys, OffsetSpec.earliest()));
    try {
      calls.get(admin.alterConsumerGroupOffsets(group, first).all(), "Read on the group " + group);
    } catch (ApiException e) {
      // Another process of the group has joined it already, and its offsets count.
      LOG.info("group {} is starting elsewhere too ({})", group, e.getClass().getSimpleName());
    }
    return start != null;
  }

  private void requireNoAnswers(List<TopicPartition> payloads, List<TopicPartition> missing) {
    GroupOffsets.Lost lost =
        GroupOffsets.lost(
            payloads,
            missing,
            List.of(topics.userProfile(), topics.deadLetter()),
            this::mayHoldRecords);
    if (lost != null) {
      throw OperatorException.failed(
          ("group %s has no offsets%s, though %s already holds answers: payloads would be answered"
                  + " twice; choose --start latest (only new payloads) or --start earliest"
                  + " (answer all again)")
              .formatted(
                  group,
                  lost.missing() == lost.partitions()
                      ? ""
                      : " for " + lost.missing() + " of " + lost.partitions() + " partitions",
                  lost.output()));
    }
  }

  private boolean mayHoldRecords(String topic) {
    try (TopicReader reader = new TopicReader(properties, read -> {})) {
      return reader.mayHoldRecords(READ_AT_MOST, reader.span(topic));
    } catch (KafkaException e) {
      throw OperatorException.failed(
          "the topic " + topic + " can't be read: " + e.getClass().getSimpleName());
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> list(
      List<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
    offsets
        .list(partitions, spec, IsolationLevel.READ_UNCOMMITTED)
        .forEach((partition, offset) -> found.put(partition, new OffsetAndMetadata(offset)));
    return found;
  }

  private static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }
}
