package dev.wxphone.stream.store;

import dev.wxphone.core.domain.UserState;
import org.apache.kafka.common.utils.Bytes;
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
    if (version != null) {
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
}
