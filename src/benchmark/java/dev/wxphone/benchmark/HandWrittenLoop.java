package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The second reference: what an expert writes instead, without the care. Session keys in a {@link
 * HashMap}, JSON by substrings, one commit each 100 ms, exactly once. It waits for nothing, keeps
 * no state and fails on whatever is not plain.
 *
 * <p>Arguments: bootstrap servers, group id, payload topic, session key topic, output topic.
 */
final class HandWrittenLoop {
  private static final long COMMIT_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Base64.Decoder BASE64 = Base64.getDecoder();

  /** A record key whose hash is computed once. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Key(byte[] bytes, int hash) {
    Key(byte[] bytes) {
      this(bytes, Arrays.hashCode(bytes));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }
  }

  private final String bootstrapServers;
  private final String group;
  private final Map<Key, byte[]> sessionKeys = new HashMap<>();
  private final Cipher cipher;

  private HandWrittenLoop(String bootstrapServers, String group) throws GeneralSecurityException {
    this.bootstrapServers = bootstrapServers;
    this.group = group;
    cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
  }

  public static void main(String[] args) throws GeneralSecurityException {
    HandWrittenLoop loop = new HandWrittenLoop(args[0], args[1]);
    loop.readSessionKeys(args[3]);
    loop.answer(args[2], args[4]);
  }

  private void readSessionKeys(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerProperties(null))) {
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo partition : consumer.partitionsFor(topic)) {
        all.add(new TopicPartition(topic, partition.partition()));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> login : consumer.poll(Duration.ofMillis(200))) {
          String value = new String(login.value(), UTF_8);
          sessionKeys.put(new Key(login.key()), BASE64.decode(field(value, "session_key")));
        }
      }
    }
  }

  // A send that fails makes the commit after it fail.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void answer(String payloads, String profiles) throws GeneralSecurityException {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerProperties(group));
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producerProperties())) {
      consumer.subscribe(List.of(payloads));
      producer.initTransactions();
      producer.beginTransaction();
      long committed = System.nanoTime();
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      while (true) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(100));
        for (TopicPartition partition : polled.partitions()) {
          for (ConsumerRecord<byte[], byte[]> payload : polled.records(partition)) {
            byte[] profile = profile(payload);
            if (profile != null) {
              producer.send(
                  new ProducerRecord<>(
                      profiles, null, payload.timestamp(), payload.key(), profile));
            }
          }
          offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        if (System.nanoTime() - committed > COMMIT_INTERVAL && !offsets.isEmpty()) {
          producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
          producer.commitTransaction();
          producer.beginTransaction();
          offsets.clear();
          committed = System.nanoTime();
        }
      }
    }
  }

  private byte @Nullable [] profile(ConsumerRecord<byte[], byte[]> payload)
      throws GeneralSecurityException {
    String value = new String(payload.value(), UTF_8);
    byte[] key = Objects.requireNonNull(sessionKeys.get(new Key(payload.key())));
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new IvParameterSpec(BASE64.decode(field(value, "iv"))));
    byte[] plaintext = cipher.doFinal(BASE64.decode(field(value, "encryptedData")));
    String phone = new String(plaintext, UTF_8);
    if (!field(phone, "appid").equals(ClickGenerator.APPID)) {
      return null;
    }
    String number = field(phone, "purePhoneNumber");
    String country = field(phone, "countryCode");
    String profile =
        "{\"openid\":\""
            + new String(payload.key(), UTF_8)
            + "\",\"appid\":\""
            + ClickGenerator.APPID
            + "\",\"phoneNumber\":\""
            + number
            + "\",\"countryCode\":\""
            + country
            + "\",\"e164\":\"+"
            + country
            + number
            + "\"}";
    return profile.getBytes(UTF_8);
  }

  private static String field(String json, String name) {
    int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
    return json.substring(start, json.indexOf('"', start));
  }

  private Map<String, Object> consumerProperties(@Nullable String groupId) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("key.deserializer", ByteArrayDeserializer.class);
    properties.put("value.deserializer", ByteArrayDeserializer.class);
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    if (groupId != null) {
      properties.put("group.id", groupId);
    }
    return properties;
  }

  private Map<String, Object> producerProperties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("key.serializer", ByteArraySerializer.class);
    properties.put("value.serializer", ByteArraySerializer.class);
    properties.put("linger.ms", "100");
    properties.put("batch.size", "131072");
    properties.put("transactional.id", group);
    return properties;
  }
}
