package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a group that lost its offsets (a reset, a new {@code application.id}, a week of standstill)
 * from answering all payloads again. Where the group is new, its first offsets are committed before
 * the stream starts: a crash before the first commit then looks like what it is.
 */
final class ResetGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ResetGuard.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration READ_AT_MOST = Duration.ofSeconds(30);

  private final Admin admin;
  private final AdminCalls asking;
  private final KafkaProperties properties;
  private final String group;
  private final TopicNames topics;

  ResetGuard(Admin admin, AdminCalls asking, KafkaProperties properties, Settings settings) {
    this.admin = admin;
    this.asking = asking;
    this.properties = properties;
    this.group = settings.applicationId();
    this.topics = settings.topics();
  }

  /**
   * Lets the start go on, with offsets committed, or refuses it.
   *
   * @param start what the operator asked for; null where nothing
   */
  void check(int partitions, @Nullable StartPosition start) {
    List<TopicPartition> payloads = partitions(topics.phonePayload(), partitions);
    List<TopicPartition> missing = withoutOffsets(payloads);
    if (missing.isEmpty()) {
      if (start != null) {
        LOG.info("group {} has offsets and goes on from them; --start is not needed", group);
      }
      return;
    }
    if (start == null) {
      for (String output : List.of(topics.userProfile(), topics.deadLetter())) {
        if (holdsAnswers(output)) {
          throw OperatorException.failed(
              ("group %s has no offsets%s, though %s already holds answers: payloads would be answered"
                      + " twice; choose --start latest (only new payloads) or --start earliest"
                      + " (answer all again)")
                  .formatted(
                      group,
                      missing.size() == payloads.size()
                          ? ""
                          : " for " + missing.size() + " of " + payloads.size() + " partitions",
                      output));
        }
      }
    }
    Map<TopicPartition, OffsetAndMetadata> first =
        offsets(
            missing, start == StartPosition.LATEST ? OffsetSpec.latest() : OffsetSpec.earliest());
    List<TopicPartition> keys = withoutOffsets(partitions(topics.sessionKey(), partitions));
    first.putAll(offsets(keys, OffsetSpec.earliest()));
    try {
      asking.of(admin.alterConsumerGroupOffsets(group, first).all(), "Read on the group " + group);
    } catch (ApiException e) {
      // Another process of the group was faster and has members already: its offsets count.
      LOG.info("group {} is starting elsewhere too ({})", group, e.getClass().getSimpleName());
    }
  }

  private List<TopicPartition> withoutOffsets(List<TopicPartition> partitions) {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          asking.of(
              admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
              "Describe on the group " + group);
      return partitions.stream().filter(p -> committed.get(p) == null).toList();
    } catch (ApiException unknownGroup) {
      return partitions;
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(
      List<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    partitions.forEach(partition -> specs.put(partition, spec));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    asking
        .of(admin.listOffsets(specs).all(), "Describe on the input topics")
        .forEach(
            (partition, found) -> offsets.put(partition, new OffsetAndMetadata(found.offset())));
    return offsets;
  }

  /** A committed record, not just offsets: an aborted transaction leaves offsets and no answer. */
  private boolean holdsAnswers(String topic) {
    try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(properties.ofReader())) {
      List<TopicPartition> all =
          reader.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      reader.assign(all);
      reader.seekToBeginning(all);
      Map<TopicPartition, Long> ends = reader.endOffsets(all);
      long end = System.nanoTime() + READ_AT_MOST.toNanos();
      while (all.stream().anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))) {
        if (!reader.poll(POLL).isEmpty() || System.nanoTime() > end) {
          return true;
        }
      }
      return false;
    } catch (KafkaException e) {
      throw OperatorException.failed(
          "the topic " + topic + " can't be read: " + e.getClass().getSimpleName());
    }
  }

  private static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }
}
