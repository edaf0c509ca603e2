package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a {@link UserState}, big-endian:
 *
 * <pre>
 * version   1 byte, 1
 * watermark 8 bytes  newest published, seconds; Long.MIN_VALUE for none
 * forgotten 8 bytes  milliseconds; Long.MIN_VALUE for never
 * unionid   text
 * keys      1 byte, their number; newest first, of each:
 *   sealing 1 byte, 0: the 16 bytes of the key follow in clear
 *   appid   text
 * and, only where one of both is there:
 * loggedOut 8 bytes  milliseconds; Long.MIN_VALUE for never
 * stale     2 bytes, their number; oldest first, of each:
 *   at      8 bytes  milliseconds
 * text      4 bytes, its length in UTF-8, -1 for none; then the text
 * </pre>
 *
 * <p>What follows is ignored, and so was the part on logouts before it was there: a program that
 * does not know it reads on, and the version stays.
 */
public final class UserStateFormat {
  /** The format version that is written. */
  public static final byte VERSION = 1;

  private static final byte IN_CLEAR = 0;
  private static final int NO_TEXT = -1;

  private UserStateFormat() {}

  /** The state's bytes. */
  public static byte[] write(UserState state) {
    byte @Nullable [] unionid = utf8(state.unionid());
    List<byte @Nullable []> appids = new ArrayList<>();
    int size = 1 + Long.BYTES + Long.BYTES + textSize(unionid) + 1;
    for (SessionKey key : state.keys()) {
      byte @Nullable [] appid = utf8(key.appid());
      appids.add(appid);
      size += 1 + SessionKey.LENGTH + textSize(appid);
    }
    boolean more = state.loggedOutAt() != UserState.NEVER || !state.staleAt().isEmpty();
    if (more) {
      size += Long.BYTES + Short.BYTES + state.staleAt().size() * Long.BYTES;
    }
    ByteBuffer to = ByteBuffer.allocate(size);
    to.put(VERSION).putLong(state.newestWatermark()).putLong(state.forgottenAt());
    putText(to, unionid);
    to.put((byte) state.keys().size());
    for (int i = 0; i < appids.size(); i++) {
      to.put(IN_CLEAR).put(state.keys().get(i).revealBytes());
      putText(to, appids.get(i));
    }
    if (more) {
      to.putLong(state.loggedOutAt()).putShort((short) state.staleAt().size());
      state.staleAt().forEach(to::putLong);
    }
    return to.array();
  }

  /**
   * The state of the bytes; {@link UserState#UNKNOWN} of null.
   *
   * @throws UnknownFormatException where another version wrote them
   */
  public static UserState read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return UserState.UNKNOWN;
    }
    requireKnown(bytes);
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    try {
      long newestWatermark = from.getLong();
      long forgottenAt = from.getLong();
      String unionid = getText(from);
      int count = Byte.toUnsignedInt(from.get());
      List<SessionKey> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte sealing = from.get();
        if (sealing != IN_CLEAR) {
          throw new IllegalStateException("a stored session key is sealed in an unknown way");
        }
        byte[] key = new byte[SessionKey.LENGTH];
        from.get(key);
        keys.add(SessionKey.of(key, getText(from)));
      }
      if (!from.hasRemaining()) {
        return new UserState(keys, unionid, newestWatermark, forgottenAt);
      }
      long loggedOutAt = from.getLong();
      int staleCount = Short.toUnsignedInt(from.getShort());
      List<Long> staleAt = new ArrayList<>();
      for (int i = 0; i < staleCount; i++) {
        staleAt.add(from.getLong());
      }
      return new UserState(keys, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt);
    } catch (BufferUnderflowException | NegativeArraySizeException | IndexOutOfBoundsException e) {
      throw new IllegalStateException("a stored user state is cut short", e);
    }
  }

  /**
   * Holds a stored value to the format version that this program writes.
   *
   * @throws UnknownFormatException where another version wrote it
   */
  public static void requireKnown(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != VERSION) {
      throw new UnknownFormatException(bytes.length == 0 ? -1 : Byte.toUnsignedInt(bytes[0]));
    }
  }

  private static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  private static int textSize(byte @Nullable [] text) {
    return Integer.BYTES + (text == null ? 0 : text.length);
  }

  private static void putText(ByteBuffer to, byte @Nullable [] text) {
    if (text == null) {
      to.putInt(NO_TEXT);
    } else {
      to.putInt(text.length).put(text);
    }
  }

  private static @Nullable String getText(ByteBuffer from) {
    int length = from.getInt();
    if (length == NO_TEXT) {
      return null;
    }
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    from.get(text);
    return new String(text, UTF_8);
  }
}
