package dev.wxphone.stream.store;

import dev.wxphone.core.domain.UserState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The store of the state of each openid. It also holds the format version, under a key that is not
 * UTF-8 and so not an openid: a program that does not know the version stops before its first
 * record, wherever the store was restored from.
 */
public final class UserStore {
  private static final Bytes VERSION_KEY = Bytes.wrap(new byte[] {(byte) 0xFF});

  private final KeyValueStore<Bytes, byte[]> store;
  private boolean versionStored;

  /**
   * Opens the store.
   *
   * @throws UnknownFormatException if another version wrote it
   */
  public UserStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    byte[] version = store.get(VERSION_KEY);
    // Of version 1 until the first state of version 2 is stored.
    if (version != null && !Arrays.equals(version, new byte[] {UserStateFormat1.VERSION})) {
      StoredFormat.requireVersion(version, UserStateFormat.VERSION);
      versionStored = true;
    }
  }

  /** Returns the state of an openid, {@link UserState#UNKNOWN} if none is stored. */
  public UserState get(byte[] openid) {
    return UserStateFormat.read(store.get(Bytes.wrap(openid)));
  }

  /** Stores the state of an openid. */
  public void put(byte[] openid, UserState state) {
    if (!versionStored) {
      store.put(VERSION_KEY, new byte[] {UserStateFormat.VERSION});
      versionStored = true;
    }
    store.put(Bytes.wrap(openid), UserStateFormat.write(state));
  }

  /** Removes the state of an openid. */
  public void remove(byte[] openid) {
    store.delete(Bytes.wrap(openid));
  }

  /**
   * Returns some users in the order of their openids.
   *
   * @param from the first openid, or where it would be
   * @param limit how many
   */
  public List<User> users(byte[] from, int limit) {
    List<User> users = new ArrayList<>();
    // No openid is behind the version.
    try (KeyValueIterator<Bytes, byte[]> stored = store.range(Bytes.wrap(from), VERSION_KEY)) {
      while (users.size() < limit && stored.hasNext()) {
        KeyValue<Bytes, byte[]> next = stored.next();
        if (!next.key.equals(VERSION_KEY)) {
          users.add(new User(next.key.get(), UserStateFormat.read(next.value)));
        }
      }
    }
    return users;
  }

  /**
   * An openid and its state.
   *
   * @param openid UTF-8
   */
  public record User(byte[] openid, UserState state) {}
}
