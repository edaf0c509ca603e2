package dev.wxphone.tools.replay;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.kafka.KafkaProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the answers to replayed payloads from both outputs. */
final class AnswerTracker implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicNames topics;

  /** The letters that have no answer yet, and the hash code of their keys. */
  private final Map<DeadLetterId, Integer> awaited = new HashMap<>();

  private final Map<Reason, Long> cameBack = new EnumMap<>(Reason.class);
  private long profiles;

  /** Creates a tracker of answers that come from now on. */
  AnswerTracker(KafkaProperties properties, TopicNames topics) {
    this.topics = topics;
    consumer = new KafkaConsumer<>(properties.ofReader());
    List<TopicPartition> outputs =
        Stream.of(topics.userProfile(), topics.deadLetter())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(outputs);
    consumer.seekToEnd(outputs);
    outputs.forEach(consumer::position);
  }

  /** Awaits the answer to the payload of a letter. */
  void await(DeadLetter letter) {
    awaited.put(letter.id(), Arrays.hashCode(letter.key()));
  }

  /** Reads answers for a time. */
  void poll(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    long left = atMost.toNanos();
    do {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofNanos(left))) {
        onAnswer(record);
      }
      left = end - System.nanoTime();
    } while (left > 0);
  }

  private void onAnswer(ConsumerRecord<byte[], byte[]> record) {
    DeadLetterId id =
        DeadLetterId.parse(HeaderNames.text(record.headers(), HeaderNames.REPLAYED_FROM));
    Integer key = id == null ? null : awaited.get(id);
    // Anyone may forge the header, but not an answer under the key of another user.
    if (key == null || key != Arrays.hashCode(record.key())) {
      return;
    }
    awaited.remove(id);
    if (record.topic().equals(topics.userProfile())) {
      profiles++;
    } else {
      DeadLetter letter = DeadLetter.read(record);
      if (letter != null) {
        cameBack.merge(letter.reason(), 1L, Long::sum);
      }
    }
  }

  /** Returns how many became profiles. */
  long profiles() {
    return profiles;
  }

  /** Returns how many came back as dead letters, by reason. */
  Map<Reason, Long> cameBack() {
    return cameBack;
  }

  /** Returns how many have no answer yet. */
  int unanswered() {
    return awaited.size();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
