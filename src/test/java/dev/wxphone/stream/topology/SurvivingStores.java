package dev.wxphone.stream.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Stores whose content outlives the driver, which wipes its state directory at its end. */
final class SurvivingStores implements Function<String, KeyValueBytesStoreSupplier> {
  private final Map<String, NavigableMap<Bytes, byte[]>> contents = new HashMap<>();

  /** What a store holds, to look at or to change between two drivers. */
  NavigableMap<Bytes, byte[]> content(String name) {
    return contents.computeIfAbsent(name, unseen -> new TreeMap<>());
  }

  @Override
  public KeyValueBytesStoreSupplier apply(String name) {
    return new KeyValueBytesStoreSupplier() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public KeyValueStore<Bytes, byte[]> get() {
        return new Kept(name, content(name));
      }

      @Override
      public String metricsScope() {
        return "kept";
      }
    };
  }

  private static final class Kept implements KeyValueStore<Bytes, byte[]> {
    private final String name;
    private final NavigableMap<Bytes, byte[]> content;
    private boolean open;

    Kept(String name, NavigableMap<Bytes, byte[]> content) {
      this.name = name;
      this.content = content;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
      context.register(root, (key, value) -> put(Bytes.wrap(key), value));
      open = true;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
      if (value == null) {
        content.remove(key);
      } else {
        content.put(key, value);
      }
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
      return content.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
      entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
      return content.remove(key);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      return content.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
      return new Entries(content.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
      return new Entries(content);
    }

    @Override
    public long approximateNumEntries() {
      return content.size();
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public boolean persistent() {
      return false;
    }

    @Override
    public Position getPosition() {
      return Position.emptyPosition();
    }

    @Override
    public boolean isOpen() {
      return open;
    }
  }

  private static final class Entries implements KeyValueIterator<Bytes, byte[]> {
    private final List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
    private final Iterator<KeyValue<Bytes, byte[]>> iterator;

    Entries(Map<Bytes, byte[]> content) {
      content.forEach((key, value) -> entries.add(KeyValue.pair(key, value)));
      iterator = entries.iterator();
    }

    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      return iterator.next();
    }

    @Override
    public Bytes peekNextKey() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
