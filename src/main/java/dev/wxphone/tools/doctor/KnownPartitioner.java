package dev.wxphone.tools.doctor;

import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;

/** Partitioners of clients that do not partition as Kafka's Java producer does. */
enum KnownPartitioner {
  /** librdkafka's {@code consistent_random}, its default, and kafka-go's CRC32Balancer. */
  CRC32_UNSIGNED(
      "librdkafka",
      "confluent-kafka, php-rdkafka, node-rdkafka: partitioner=murmur2_random; kcat: -X"
          + " topic.partitioner=murmur2_random") {
    @Override
    int of(byte[] key, int partitions) {
      CRC32 crc = new CRC32();
      crc.update(key);
      return (int) (crc.getValue() % partitions);
    }
  },

  /** sarama's {@code NewHashPartitioner}, its default, and kafka-go's {@code Hash}. */
  FNV1A_ABSOLUTE("sarama, or kafka-go's Hash", KnownPartitioner.GO) {
    @Override
    int of(byte[] key, int partitions) {
      return Math.abs(fnv1a(key) % partitions);
    }
  },

  /** sarama's {@code NewReferenceHashPartitioner} and kafka-go's {@code ReferenceHash}. */
  FNV1A_WITHOUT_SIGN("sarama's or kafka-go's reference hash", KnownPartitioner.GO) {
    @Override
    int of(byte[] key, int partitions) {
      return Utils.toPositive(fnv1a(key)) % partitions;
    }
  },

  /** Same as the Java producer's if the number of partitions is a power of two. */
  MURMUR2_UNSIGNED(
      "@platformatic/kafka",
      "give its producer a partitioner that takes the sign bit off: murmur2(key) & 0x7fffffff") {
    @Override
    int of(byte[] key, int partitions) {
      return Integer.remainderUnsigned(Utils.murmur2(key), partitions);
    }
  };

  private static final String GO =
      "sarama: Producer.Partitioner = sarama.NewMurmur2Partitioner; kafka-go: Balancer:"
          + " kafka.Murmur2Balancer{}";

  private final String client;
  private final String remedy;

  KnownPartitioner(String client, String remedy) {
    this.client = client;
    this.remedy = remedy;
  }

  /** Returns the partition of a key. */
  abstract int of(byte[] key, int partitions);

  /** Returns the name of the client. */
  String client() {
    return client;
  }

  /** Returns what to set in that client. */
  String remedy() {
    return remedy;
  }

  private static int fnv1a(byte[] key) {
    int hash = 0x811c9dc5;
    for (byte b : key) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return hash;
  }
}
