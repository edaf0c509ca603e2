package dev.wxphone.stream.store;

import dev.wxphone.core.domain.UserState;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The store of what is known of each openid. Beside the openids it holds the format version under a
 * key that is no UTF-8 and so no openid: a program that does not know the version stops before its
 * first record, wherever the store was restored from.
 */
public final class UserStore {
  private static final Bytes FORMAT = Bytes.wrap(new byte[] {(byte) 0xFF});

  private final KeyValueStore<Bytes, byte[]> store;
  private boolean marked;

  /**
   * Opens the store.
   *
   * @throws dev.wxphone.stream.store.UnknownFormatException where another version wrote it
   */
  public UserStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    byte[] format = store.get(FORMAT);
    if (format != null) {
      UserStateFormat.requireKnown(format);
      marked = true;
    }
  }

  public UserState get(byte[] openid) {
    return UserStateFormat.read(store.get(Bytes.wrap(openid)));
  }

  public void put(byte[] openid, UserState state) {
    if (!marked) {
      store.put(FORMAT, new byte[] {UserStateFormat.VERSION});
      marked = true;
    }
    store.put(Bytes.wrap(openid), UserStateFormat.write(state));
  }
}
