package dev.wxphone.core.envelope;

import org.apache.kafka.common.utils.Utils;

/** Kafka's default partitioner, by which the join expects both inputs to be partitioned. */
public final class Partitioning {
  private Partitioning() {}

  /** Returns the partition of a key: murmur2 without its sign, like the Java producer. */
  public static int of(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
