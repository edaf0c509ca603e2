package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.WatermarkReader;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.kafka.TopicReader.Span;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.SessionKeyEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds persons who were forgotten and have a profile again since. A group that reads an old
 * request once more, as one of a new {@code application.id} does, must not take that profile away:
 * what it would put in its place is older.
 */
final class ProfilesSinceForgotten {
  /**
   * A group that reads on has nothing older to read, or little: only what came while it was away,
   * and none of that is answered yet.
   */
  private static final Duration AWAY = Duration.ofMinutes(1);

  private final KafkaProperties properties;
  private final Settings settings;
  private final GroupOffsets group;
  private final List<TopicPartition> sessionKeys;
  private final long now = System.currentTimeMillis();

  /**
   * Prepares the search.
   *
   * @param partitions number of partitions of each input
   */
  ProfilesSinceForgotten(
      KafkaProperties properties, Settings settings, GroupOffsets group, int partitions) {
    this.properties = properties;
    this.settings = settings;
    this.group = group;
    this.sessionKeys =
        IntStream.range(0, partitions)
            .mapToObj(p -> new TopicPartition(settings.topics().sessionKey(), p))
            .toList();
  }

  /**
   * Returns the openids of these persons, with when they were last forgotten, in epoch millis.
   *
   * @param begins whether the group reads its first record
   */
  Map<String, Long> find(boolean begins) {
    Span unread = unread(begins);
    if (unread.ends().isEmpty()) {
      return Map.of();
    }
    try (TopicReader reader = new TopicReader(properties, read -> {})) {
      Map<String, Long> forgotten = forgotten(reader, unread);
      return forgotten.isEmpty() ? Map.of() : withProfile(reader, forgotten);
    }
  }

  private Span unread(boolean all) {
    Map<TopicPartition, Long> ends = at(sessionKeys, OffsetSpec.latest());
    if (!all) {
      at(sessionKeys, OffsetSpec.forTimestamp(now - AWAY.toMillis()))
          // Without a record so young the offset is negative.
          .forEach(
              (partition, end) ->
                  ends.computeIfPresent(partition, (p, last) -> end < 0 ? last : end));
    }
    Map<TopicPartition, Long> begins = group.committed(sessionKeys);
    ends.entrySet().removeIf(end -> begins.getOrDefault(end.getKey(), 0L) >= end.getValue());
    ends.keySet().forEach(partition -> begins.putIfAbsent(partition, 0L));
    begins.keySet().retainAll(ends.keySet());
    return new Span(begins, ends);
  }

  private Map<TopicPartition, Long> at(Collection<TopicPartition> partitions, OffsetSpec spec) {
    return group.list(partitions, spec, IsolationLevel.READ_COMMITTED);
  }

  private Map<String, Long> forgotten(TopicReader reader, Span unread) {
    Map<String, Long> forgotten = new HashMap<>();
    reader.read(
        unread,
        record -> {
          if (record.value() == null
              && record.key() != null
              && record.headers().lastHeader(HeaderNames.FORGET) != null
              && event(record) instanceof SessionKeyEvent.Forgotten event) {
            forgotten.merge(new String(record.key(), UTF_8), event.at(), Math::max);
          }
        });
    return forgotten;
  }

  private SessionKeyEvent event(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates source =
        new RecordCoordinates(record.topic(), record.partition(), record.offset());
    Provenance origin = Provenance.of(record.headers(), source, record.timestamp()).neverReplayed();
    return SessionKeyEvent.of(
        new ReceivedRecord(record.key(), record.value(), record.headers(), source, origin),
        settings.answerRules(),
        sessionKeys.size(),
        now);
  }

  /** Keeps those whose newest profile is of a click after they were forgotten. */
  private Map<String, Long> withProfile(TopicReader reader, Map<String, Long> forgotten) {
    Map<String, Long> since = new HashMap<>();
    Span profiles = reader.span(settings.topics().userProfile());
    // A profile has the time of its click's record.
    long first = Collections.min(forgotten.values());
    Map<TopicPartition, Long> begins = at(profiles.ends().keySet(), OffsetSpec.forTimestamp(first));
    begins.replaceAll(
        (partition, begin) -> begin < 0 ? profiles.ends().getOrDefault(partition, 0L) : begin);
    reader.read(
        profiles.from(begins),
        record -> {
          String openid = record.key() == null ? "" : new String(record.key(), UTF_8);
          Long at = forgotten.get(openid);
          if (at != null) {
            if (isOfClickAfter(at, record)) {
              since.put(openid, at);
            } else {
              since.remove(openid);
            }
          }
        });
    return since;
  }

  /** As the proof decides which clicks were made before the forgetting. */
  private static boolean isOfClickAfter(long instant, ConsumerRecord<byte[], byte[]> profile) {
    return profile.value() != null
        && profile.timestamp() > instant
        && WatermarkReader.read(profile.value()) >= Math.floorDiv(instant, 1000);
  }
}
