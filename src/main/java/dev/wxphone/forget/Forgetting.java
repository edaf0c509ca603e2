package dev.wxphone.forget;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.OperatorException;
import dev.wxphone.envelope.Coordinates;
import dev.wxphone.envelope.HeaderNames;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.settings.TopicNames;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Tells the processor to forget persons, and sees that it has. */
public final class Forgetting implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final TopicNames topics;
  private final KafkaProperties properties;
  private final Map<String, ActualTopic> actual;
  private final KafkaConsumer<byte[], byte[]> profiles;

  /**
   * Forgets nobody yet.
   *
   * @throws OperatorException where a topic is missing or no broker answers
   */
  public Forgetting(Settings settings) {
    this.settings = settings;
    this.topics = settings.topics();
    this.properties = new KafkaProperties(settings);
    try (Admin admin = Admin.create(properties.ofClient())) {
      actual =
          new TopicAdmin(admin, properties.bootstrapServers(), TIMEOUT)
              .read(Holding.topics(topics, settings.applicationId()));
    }
    for (String needed : List.of(topics.sessionKey(), topics.userProfile())) {
      if (!actual.containsKey(needed)) {
        throw OperatorException.failed(
            "there is no topic %s at %s: make it with wxphone topics apply, or check"
                    .formatted(needed, properties.bootstrapServers())
                + " --bootstrap-servers and wxphone.topic.*");
      }
    }
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
   * Publishes that they are to be forgotten, and waits until the processor has done so.
   *
   * @return how many it has not answered in time
   */
  public int forget(Collection<String> openids) {
    Set<String> awaited = publish(openids);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!awaited.isEmpty() && System.nanoTime() - end < 0) {
      for (ConsumerRecord<byte[], byte[]> record : profiles.poll(POLL)) {
        Header source = record.headers().lastHeader(HeaderNames.SOURCE);
        if (record.value() == null && source != null && source.value() != null) {
          awaited.remove(new String(source.value(), UTF_8));
        }
      }
    }
    return awaited.size();
  }

  private Set<String> publish(Collection<String> openids) {
    Set<String> sources = new HashSet<>();
    List<Header> forget = List.of(new RecordHeader(HeaderNames.FORGET, "1".getBytes(UTF_8)));
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            properties.ofPublisher(), new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (String openid : openids) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topics.sessionKey(), null, openid.getBytes(UTF_8), null, forget)));
      }
      for (Future<RecordMetadata> one : sent) {
        RecordMetadata at = one.get();
        sources.add(new Coordinates(at.topic(), at.partition(), at.offset()).toString());
      }
      return sources;
    } catch (ExecutionException e) {
      throw OperatorException.failed(
          "the brokers at %s did not take it (%s): look at them and at the ACL Write on the topic %s, then run this again"
              .formatted(
                  properties.bootstrapServers(),
                  String.valueOf(e.getCause()).split(":", 2)[0],
                  topics.sessionKey()));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** What holds data of theirs still. */
  public List<Holding> holdings() {
    return Holding.of(topics, settings.applicationId(), actual, System.currentTimeMillis());
  }

  @Override
  public void close() {
    profiles.close();
  }
}
