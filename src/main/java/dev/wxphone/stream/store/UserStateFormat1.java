package dev.wxphone.stream.store;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first stored form of a {@link UserState}, which is only read; big-endian:
 *
 * <pre>
 * version   1 byte, 1
 * watermark 8 bytes  of the newest profile, seconds; Long.MIN_VALUE for none
 * forgotten 8 bytes  milliseconds; Long.MIN_VALUE for never
 * unionid   text
 * keys      1 byte, their number; newest first, of each:
 *   sealing 1 byte, 0: the 16 bytes of the key follow in clear
 *   appid   text
 * and, only if one of both is present:
 * loggedOut 8 bytes  milliseconds; Long.MIN_VALUE for never
 * stale     2 bytes, their number; oldest first, of each:
 *   at      8 bytes  milliseconds
 * text      4 bytes, its length in UTF-8, -1 for null; then the text
 * </pre>
 *
 * <p>It has no times of logins and of activity.
 */
final class UserStateFormat1 {
  static final byte VERSION = 1;

  private static final byte IN_CLEAR = 0;

  private UserStateFormat1() {}

  /** Returns the state of stored bytes. */
  static UserState read(byte[] bytes) {
    try (DataInputStream from = StoredFormat.fields(bytes, VERSION)) {
      long newestWatermark = from.readLong();
      long forgottenAt = from.readLong();
      String unionid = StoredFormat.readText(from);
      int count = from.readUnsignedByte();
      List<SessionKey> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        if (from.readByte() != IN_CLEAR) {
          throw new IllegalStateException("a stored session key is sealed in an unknown way");
        }
        byte[] key = new byte[SessionKey.LENGTH];
        from.readFully(key);
        keys.add(SessionKey.of(key, StoredFormat.readText(from)));
      }
      if (from.available() == 0) {
        return new UserState(keys, unionid, newestWatermark, forgottenAt);
      }
      long loggedOutAt = from.readLong();
      int staleCount = from.readUnsignedShort();
      List<Long> staleAt = new ArrayList<>();
      for (int i = 0; i < staleCount; i++) {
        staleAt.add(from.readLong());
      }
      return new UserState(
          keys, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt, UserState.NEVER);
    } catch (IOException cut) {
      throw new IllegalStateException("a stored user state is cut short", cut);
    }
  }
}
