package dev.wxphone.stream.store;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds RocksDB's memory: all stores of the process share one block cache and one write buffer
 * manager. By default each store of each partition takes 50 MB and more of its own, off-heap.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** The key, in the stream's configuration, of the memory of all stores together, in MiB. */
  public static final String MEGABYTES = "wxphone.rocksdb.megabytes";

  /** In bytes. Small, since each store has its own and a restart restores what it held. */
  private static final long WRITE_BUFFER_BYTES = 4L << 20;

  private static @Nullable Shared shared;

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Object megabytes = Objects.requireNonNull(configs.get(MEGABYTES), MEGABYTES);
    Shared all = shared(Long.parseLong(megabytes.toString()) << 20);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(all.cache());
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(all.writeBuffers());
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
  }

  @Override
  public void close(String storeName, Options options) {
    // The shared cache and write buffer manager outlive every store.
  }

  private static synchronized Shared shared(long bytes) {
    Shared existing = shared;
    if (existing == null) {
      RocksDB.loadLibrary();
      // Write buffers are charged to the cache, so that one number bounds both.
      Cache cache = new LRUCache(bytes, -1, false, 0.1);
      existing = new Shared(cache, new WriteBufferManager(bytes / 2, cache));
      shared = existing;
    }
    return existing;
  }
}
