package dev.wxphone.topology;

/** A record key, and the partition into which its record goes. */
record PlacedKey(byte[] bytes, int partition) {}
