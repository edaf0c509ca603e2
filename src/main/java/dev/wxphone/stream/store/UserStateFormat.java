package dev.wxphone.stream.store;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a {@link UserState}, as compact as is simple, since each profile writes it
 * once more to the store and to its changelog:
 *
 * <pre>
 * version     1 byte, 2
 * present     1 byte, a bit for each field that may be absent, in this order from the lowest
 * watermark   number  of the newest profile, seconds
 * active      number  seconds
 * unionid     text
 * forgotten   number  milliseconds
 * loggedOut   number  milliseconds
 * keys        1 byte, their number; newest first, of each:
 *   form      1 byte: 0, or 1 if it has the appid of the key before it
 *   key       16 bytes in clear
 *   loggedIn  number  milliseconds, by how much earlier than the key before it
 *   appid     text, only of form 0
 * stale       number, how many; oldest first, of each:
 *   at        number  milliseconds, by how much later than the one before it
 * number      zigzag and in groups of 7 bits, the lowest first, as Kafka's varlong
 * text        number: 0 for null; 1 for an appid of WeChat's, whose 16 hexadecimal digits follow in
 *             8 bytes; otherwise by 2 more than its length in UTF-8, and the text follows
 * </pre>
 *
 * <p>Other forms of keys are left for sealed ones. Bytes after that are ignored, so a field can be
 * appended without another version. What {@link UserStateFormat1} wrote is read too.
 */
public final class UserStateFormat {
  /** The format version that is written. */
  static final byte VERSION = 2;

  private static final int WATERMARK = 1;
  private static final int ACTIVE = 1 << 1;
  private static final int UNIONID = 1 << 2;
  private static final int FORGOTTEN = 1 << 3;
  private static final int LOGGED_OUT = 1 << 4;
  private static final int STALE = 1 << 5;

  private static final int OWN_APPID = 0;
  private static final int SAME_APPID = 1;

  private UserStateFormat() {}

  /** Returns the bytes of a state. */
  public static byte[] write(UserState state) {
    CompactWriter to = new CompactWriter(128);
    to.writeByte(VERSION);
    to.writeByte(
        bit(WATERMARK, state.newestWatermark() != UserState.NEVER)
            | bit(ACTIVE, state.activeAt() != UserState.NEVER)
            | bit(UNIONID, state.unionid() != null)
            | bit(FORGOTTEN, state.forgottenAt() != UserState.NEVER)
            | bit(LOGGED_OUT, state.loggedOutAt() != UserState.NEVER)
            | bit(STALE, !state.staleAt().isEmpty()));
    writeTime(to, state.newestWatermark());
    writeTime(to, state.activeAt());
    if (state.unionid() != null) {
      to.writeText(state.unionid());
    }
    writeTime(to, state.forgottenAt());
    writeTime(to, state.loggedOutAt());
    writeKeys(to, state.keys());
    if (!state.staleAt().isEmpty()) {
      to.writeNumber(state.staleAt().size());
      long before = 0;
      for (long at : state.staleAt()) {
        to.writeNumber(at - before);
        before = at;
      }
    }
    return to.bytes();
  }

  private static int bit(int mask, boolean present) {
    return present ? mask : 0;
  }

  private static void writeTime(CompactWriter to, long time) {
    if (time != UserState.NEVER) {
      to.writeNumber(time);
    }
  }

  private static void writeKeys(CompactWriter to, List<SessionKey> keys) {
    to.writeByte(keys.size());
    SessionKey before = null;
    for (SessionKey key : keys) {
      String appid = key.appid();
      boolean same = before != null && appid != null && appid.equals(before.appid());
      to.writeByte(same ? SAME_APPID : OWN_APPID);
      to.writeBytes(key.revealBytes());
      // Differences wrap around, so that any two times have one.
      to.writeNumber(before == null ? key.loggedInAt() : before.loggedInAt() - key.loggedInAt());
      if (!same) {
        to.writeText(appid);
      }
      before = key;
    }
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
    if (bytes.length > 0 && bytes[0] == UserStateFormat1.VERSION) {
      return UserStateFormat1.read(bytes);
    }
    StoredFormat.requireVersion(bytes, VERSION);
    try {
      return read(new CompactReader(bytes, 1));
    } catch (IndexOutOfBoundsException cut) {
      throw new IllegalStateException("a stored user state is cut short", cut);
    }
  }

  private static UserState read(CompactReader from) {
    int present = from.readByte();
    long watermark = readTime(from, present & WATERMARK);
    long activeAt = readTime(from, present & ACTIVE);
    String unionid = (present & UNIONID) == 0 ? null : from.readText();
    long forgottenAt = readTime(from, present & FORGOTTEN);
    long loggedOutAt = readTime(from, present & LOGGED_OUT);
    List<SessionKey> keys = readKeys(from);
    List<Long> staleAt = List.of();
    if ((present & STALE) != 0) {
      staleAt = new ArrayList<>();
      long at = 0;
      for (long count = from.readNumber(); count > 0; count--) {
        at += from.readNumber();
        staleAt.add(at);
      }
    }
    return new UserState(keys, unionid, watermark, forgottenAt, loggedOutAt, staleAt, activeAt);
  }

  private static long readTime(CompactReader from, int present) {
    return present == 0 ? UserState.NEVER : from.readNumber();
  }

  private static List<SessionKey> readKeys(CompactReader from) {
    int count = from.readByte();
    List<SessionKey> keys = new ArrayList<>(count);
    String appid = null;
    long loggedInAt = 0;
    for (int i = 0; i < count; i++) {
      int form = from.readByte();
      if (form != OWN_APPID && form != SAME_APPID) {
        throw new IllegalStateException("a stored session key is sealed in an unknown way");
      }
      byte[] key = from.readBytes(SessionKey.LENGTH);
      long number = from.readNumber();
      loggedInAt = i == 0 ? number : loggedInAt - number;
      appid = form == SAME_APPID ? appid : from.readText();
      keys.add(SessionKey.of(key, appid).at(loggedInAt));
    }
    return keys;
  }
}
