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
 * One cache and one budget of write buffers for all stores of the process. By default each store of
 * each partition takes its own 50 MB and more, outside of the heap, where no limit of Java's holds.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** The key, in the stream's configuration, of the megabytes for all stores together. */
  public static final String MEGABYTES = "wxphone.rocksdb.megabytes";

  /** Small write buffers: a restart reads back what they held, and there is one for every store. */
  private static final long WRITE_BUFFER = 4L << 20;

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
    options.setWriteBufferSize(WRITE_BUFFER);
  }

  @Override
  public void close(String storeName, Options options) {
    // What is shared outlives every store.
  }

  private static synchronized Shared shared(long bytes) {
    Shared known = shared;
    if (known == null) {
      RocksDB.loadLibrary();
      // Write buffers are charged to the cache, so that one number bounds both.
      Cache cache = new LRUCache(bytes, -1, false, 0.1);
      known = new Shared(cache, new WriteBufferManager(bytes / 2, cache));
      shared = known;
    }
    return known;
  }
}
