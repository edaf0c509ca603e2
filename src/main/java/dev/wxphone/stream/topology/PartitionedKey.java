package dev.wxphone.stream.topology;

/** A record key, and the partition into which its record goes. */
record PartitionedKey(byte[] bytes, int partition) {}
