package dev.wxphone.tools.forget;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.kafka.BlockingPublisher;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.RequiredTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Asks the processor to forget users, and waits until it has. */
public final class ErasureRequest implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final TopicNames topics;
  private final KafkaProperties properties;
  private final Map<String, ActualTopic> actual;
  private final KafkaConsumer<byte[], byte[]> profiles;

  /**
   * Connects to the topics.
   *
   * @throws OperatorException if a topic is missing or no broker answers
   */
  public ErasureRequest(Settings settings) {
    this.settings = settings;
    this.topics = settings.topics();
    this.properties = new KafkaProperties(settings);
    actual =
        RequiredTopics.read(
            properties,
            List.of(topics.sessionKey(), topics.userProfile()),
            RemainingData.topics(topics, settings.applicationId()));
    profiles = new KafkaConsumer<>(properties.ofReader());
    List<TopicPartition> all =
        profiles.partitionsFor(topics.userProfile()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    profiles.assign(all);
    profiles.seekToEnd(all);
    all.forEach(profiles::position);
  }

  /**
   * Publishes a request for each openid, and waits up to 15 seconds for the processor.
   *
   * @return the number of openids that it has not answered by then
   * @throws OperatorException if the broker rejects a request
   */
  public int forget(Collection<String> openids) {
    Set<String> awaited = publish(openids);
    long end = System.nanoTime() + ANSWER_TIMEOUT.toNanos();
    while (!awaited.isEmpty() && System.nanoTime() - end < 0) {
      for (ConsumerRecord<byte[], byte[]> record : profiles.poll(POLL)) {
        String source = HeaderNames.text(record.headers(), HeaderNames.SOURCE);
        if (record.value() == null && source != null) {
          awaited.remove(source);
        }
      }
    }
    return awaited.size();
  }

  private Set<String> publish(Collection<String> openids) {
    List<Header> forget = List.of(new RecordHeader(HeaderNames.FORGET, "1".getBytes(UTF_8)));
    String topic = topics.sessionKey();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String openid : openids) {
      records.add(new ProducerRecord<>(topic, null, openid.getBytes(UTF_8), null, forget));
    }
    Set<String> sources = new HashSet<>();
    for (RecordMetadata at : BlockingPublisher.publish(properties, topic, records)) {
      sources.add(new RecordCoordinates(at.topic(), at.partition(), at.offset()).toString());
    }
    return sources;
  }

  /** Returns the topics that still hold data of users who are forgotten now. */
  public List<RemainingData> remainingData() {
    return RemainingData.of(topics, settings.applicationId(), actual, System.currentTimeMillis());
  }

  @Override
  public void close() {
    profiles.close();
  }
}
