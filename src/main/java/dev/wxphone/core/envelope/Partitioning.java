package dev.wxphone.core.envelope;

import org.apache.kafka.common.utils.Utils;

/** Where Kafka's default partitioner puts a key, and so where the join looks for it. */
public final class Partitioning {
  private Partitioning() {}

  /** The partition of a key among so many: murmur2 without its sign, as the Java producer does. */
  public static int of(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
