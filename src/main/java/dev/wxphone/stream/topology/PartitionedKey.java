package dev.wxphone.stream.topology;

/** A record key and the partition to which its record is written. */
record PartitionedKey(byte[] bytes, int partition) {}
