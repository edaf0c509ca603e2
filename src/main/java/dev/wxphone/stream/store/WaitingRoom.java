package dev.wxphone.stream.store;

import dev.wxphone.stream.metrics.AnswerCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The payloads of one partition that wait for a session key. The store is the truth and survives;
 * who waits for which openid, and until when, is an index in memory, read from the store once, so
 * that a payload which does not wait costs no look-up and what is due is found without a scan.
 *
 * <p>Stored under the openid's length (2 bytes), the openid and the source's offset (8 bytes). The
 * offset is unique since a task reads one partition of the payloads.
 */
public final class WaitingRoom {
  private record Place(long deadline, long offset, Bytes openid) {}

  private record Arrival(long at, Bytes openid) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final AnswerCounts counts;
  private final long wait;
  private final int max;

  /** Of each openid, the deadline of each offset. */
  private final Map<Bytes, NavigableMap<Long, Long>> byOpenid = new HashMap<>();

  private final NavigableSet<Place> deadlines =
      new TreeSet<>(Comparator.comparingLong(Place::deadline).thenComparingLong(Place::offset));

  /** Those beyond the maximum of their openid, by offset, so in order of arrival. */
  private final NavigableMap<Long, Arrival> excess = new TreeMap<>();

  /**
   * Reads the index from the store.
   *
   * @param wait how long a payload waits, in milliseconds
   * @param max how many payloads of one openid may wait; more are {@link #nextExcess excess}
   */
  public WaitingRoom(KeyValueStore<Bytes, byte[]> store, AnswerCounts counts, long wait, int max) {
    this.store = store;
    this.counts = counts;
    this.wait = wait;
    this.max = max;
    try (KeyValueIterator<Bytes, byte[]> stored = store.all()) {
      while (stored.hasNext()) {
        KeyValue<Bytes, byte[]> entry = stored.next();
        index(WaitingPayload.fromBytes(entry.value));
      }
    }
  }

  public boolean isEmpty() {
    return deadlines.isEmpty();
  }

  public int count(byte[] openid) {
    NavigableMap<Long, Long> those = byOpenid.get(Bytes.wrap(openid));
    return those == null ? 0 : those.size();
  }

  /**
   * Adds a payload. One that is there already (at least once, it may be read again) is replaced.
   */
  public void add(byte[] openid, WaitingPayload payload) {
    store.put(key(openid, payload.received().source().offset()), payload.toBytes());
    index(payload);
  }

  /** Those of an openid, in order of arrival. */
  public List<WaitingPayload> of(byte[] openid) {
    NavigableMap<Long, Long> those = byOpenid.get(Bytes.wrap(openid));
    List<WaitingPayload> payloads = new ArrayList<>();
    if (those != null) {
      for (long offset : those.keySet()) {
        payloads.add(read(openid, offset));
      }
    }
    return payloads;
  }

  /**
   * Holds all deadlines to a clock: one that was ahead when a payload came, and was set right
   * since, must not make it wait for longer than payloads wait. In the index alone: the store is
   * read anew at each start, and then held to the clock again.
   *
   * @param now milliseconds since 1970
   */
  public void holdTo(long now) {
    long latest = now + wait;
    while (!deadlines.isEmpty() && deadlines.last().deadline() > latest) {
      Place ahead = deadlines.pollLast();
      deadlines.add(new Place(latest, ahead.offset(), ahead.openid()));
      Objects.requireNonNull(byOpenid.get(ahead.openid())).put(ahead.offset(), latest);
      tellDeadline();
    }
  }

  /** The deadline of whoever has to leave first; {@link Long#MAX_VALUE} where nobody waits. */
  public long nextDeadline() {
    return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().deadline();
  }

  /** Whoever has to leave first; there is someone. */
  public WaitingPayload next() {
    Place first = deadlines.first();
    return read(first.openid().get(), first.offset());
  }

  /**
   * When the first of those came that are more than may wait of their openid; {@link
   * Long#MAX_VALUE} where there is none.
   */
  public long nextExcess() {
    while (!excess.isEmpty() && count(excess.firstEntry().getValue().openid().get()) <= max) {
      // Others have left since.
      excess.pollFirstEntry();
    }
    return excess.isEmpty() ? Long.MAX_VALUE : excess.firstEntry().getValue().at();
  }

  /** The first of those that are too many; there is one. */
  public WaitingPayload firstExcess() {
    Map.Entry<Long, Arrival> first = excess.firstEntry();
    return read(first.getValue().openid().get(), first.getKey());
  }

  public void remove(WaitingPayload payload) {
    Bytes openid = Bytes.wrap(openid(payload));
    long offset = payload.received().source().offset();
    store.delete(key(openid.get(), offset));
    forget(openid, offset);
    tellDeadline();
  }

  /** The counts outlive a task that moves elsewhere; its waiting payloads don't stay. */
  public void leave() {
    counts.waiting(-deadlines.size());
    counts.nextDeadline(this, Long.MAX_VALUE);
  }

  private void index(WaitingPayload payload) {
    Bytes openid = Bytes.wrap(openid(payload));
    long offset = payload.received().source().offset();
    NavigableMap<Long, Long> before = byOpenid.get(openid);
    boolean tooMany =
        before != null
            && (before.containsKey(offset) ? excess.containsKey(offset) : before.size() >= max);
    forget(openid, offset);
    byOpenid.computeIfAbsent(openid, unseen -> new TreeMap<>()).put(offset, payload.deadline());
    deadlines.add(new Place(payload.deadline(), offset, openid));
    if (tooMany) {
      excess.put(offset, new Arrival(arrival(payload), openid));
    }
    counts.waiting(1);
    tellDeadline();
  }

  private void tellDeadline() {
    counts.nextDeadline(this, nextDeadline());
  }

  /** Takes a payload out of the index, where it is there. */
  private void forget(Bytes openid, long offset) {
    NavigableMap<Long, Long> those = byOpenid.get(openid);
    Long deadline = those == null ? null : those.remove(offset);
    if (those == null || deadline == null) {
      return;
    }
    if (those.isEmpty()) {
      byOpenid.remove(openid);
    }
    deadlines.remove(new Place(deadline, offset, openid));
    excess.remove(offset);
    counts.waiting(-1);
  }

  /** When it began to wait, by our clock. */
  public long arrival(WaitingPayload payload) {
    return payload.deadline() - wait;
  }

  private WaitingPayload read(byte[] openid, long offset) {
    byte[] stored = store.get(key(openid, offset));
    if (stored == null) {
      throw new IllegalStateException("the waiting store has lost a payload of its index");
    }
    return WaitingPayload.fromBytes(stored);
  }

  private static byte[] openid(WaitingPayload payload) {
    byte[] key = payload.received().key();
    if (key == null) {
      throw new IllegalStateException("a payload without an openid can't wait");
    }
    return key;
  }

  private static Bytes key(byte[] openid, long offset) {
    return Bytes.wrap(
        ByteBuffer.allocate(Short.BYTES + openid.length + Long.BYTES)
            .putShort((short) openid.length)
            .put(openid)
            .putLong(offset)
            .array());
  }
}
