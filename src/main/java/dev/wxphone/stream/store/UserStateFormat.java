package dev.wxphone.stream.store;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a {@link UserState}, big-endian:
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
 * <p>Bytes after that are ignored, so a field can be appended without another version: a program
 * that does not know it reads on. The fields from {@code loggedOut} on were appended so.
 */
public final class UserStateFormat {
  /** The format version that is written. */
  static final byte VERSION = 1;

  private static final byte IN_CLEAR = 0;

  private UserStateFormat() {}

  /** Returns the bytes of a state. */
  public static byte[] write(UserState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      to.writeByte(VERSION);
      to.writeLong(state.newestWatermark());
      to.writeLong(state.forgottenAt());
      StoredFormat.writeText(to, state.unionid());
      to.writeByte(state.keys().size());
      for (SessionKey key : state.keys()) {
        to.writeByte(IN_CLEAR);
        to.write(key.revealBytes());
        StoredFormat.writeText(to, key.appid());
      }
      if (state.loggedOutAt() != UserState.NEVER || !state.staleAt().isEmpty()) {
        to.writeLong(state.loggedOutAt());
        to.writeShort(state.staleAt().size());
        for (long at : state.staleAt()) {
          to.writeLong(at);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the state of stored bytes, {@link UserState#UNKNOWN} if they are null.
   *
   * @throws UnknownFormatException if another version wrote them
   */
  public static UserState read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return UserState.UNKNOWN;
    }
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
      return new UserState(keys, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt);
    } catch (IOException cut) {
      throw new IllegalStateException("a stored user state is cut short", cut);
    }
  }
}
