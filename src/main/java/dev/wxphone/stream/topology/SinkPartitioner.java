package dev.wxphone.stream.topology;

import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntBiFunction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Partitions the records of a sink, whatever partitioner the producer is configured with.
 *
 * @param <K> the record key, null for a dead letter without one
 */
final class SinkPartitioner<K> implements StreamPartitioner<K, byte[]> {
  private final ToIntBiFunction<K, Integer> partition;

  /**
   * Partitions by a function.
   *
   * @param partition returns the partition for a key that is not null, and the number of partitions
   */
  SinkPartitioner(ToIntBiFunction<K, Integer> partition) {
    this.partition = partition;
  }

  /** Returns the partition for the key; none, so any partition, without a key. */
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, K key, byte[] value, Headers headers, int partitions) {
    return key == null
        ? Optional.empty()
        : Optional.of(Set.of(partition.applyAsInt(key, partitions)));
  }

  // Kafka 4.4 calls the method above; this one goes with a later release, but is still abstract.
  @Override
  @SuppressWarnings("removal")
  public Optional<Set<Integer>> partitions(String topic, K key, byte[] value, int partitions) {
    throw new UnsupportedOperationException("partitions without headers");
  }
}
