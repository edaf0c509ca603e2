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
 * The payloads of one partition that wait for a session key. They are in the store; an index in
 * memory, built from the store at the start, has the openid and the deadline of each, so that a
 * payload which does not wait costs no lookup and due ones are found without a scan.
 *
 * <p>The store's key is the openid's length (2 bytes), the openid and the source's offset (8
 * bytes). The offset is unique, since a task reads one partition of the payloads.
 */
public final class WaitingRoom {
  private record Entry(long deadline, long offset, Bytes openid) {}

  private record Arrival(long at, Bytes openid) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final AnswerCounts counts;
  private final long wait;
  private final int max;

  /** Per openid, the deadline of each offset. */
  private final Map<Bytes, NavigableMap<Long, Long>> byOpenid = new HashMap<>();

  private final NavigableSet<Entry> deadlines =
      new TreeSet<>(Comparator.comparingLong(Entry::deadline).thenComparingLong(Entry::offset));

  /** The payloads beyond the maximum of their openid, by offset and so in order of arrival. */
  private final NavigableMap<Long, Arrival> excess = new TreeMap<>();

  /**
   * Builds the index from the store.
   *
   * @param counts is kept up to date with what waits and the next deadline
   * @param wait how long a payload waits, in milliseconds
   * @param max how many payloads of one openid may wait; more are {@link #nextExcess excess}
   * @throws UnknownFormatException if another version wrote a stored payload
   */
  public WaitingRoom(KeyValueStore<Bytes, byte[]> store, AnswerCounts counts, long wait, int max) {
    this.store = store;
    this.counts = counts;
    this.wait = wait;
    this.max = max;
    try (KeyValueIterator<Bytes, byte[]> stored = store.all()) {
      while (stored.hasNext()) {
        KeyValue<Bytes, byte[]> entry = stored.next();
        index(WaitingPayloadFormat.read(entry.value));
      }
    }
  }

  /** Returns whether no payload waits. */
  public boolean isEmpty() {
    return deadlines.isEmpty();
  }

  /** Returns how many payloads of an openid wait. */
  public int count(byte[] openid) {
    NavigableMap<Long, Long> deadlinesByOffset = byOpenid.get(Bytes.wrap(openid));
    return deadlinesByOffset == null ? 0 : deadlinesByOffset.size();
  }

  /** Adds a payload, or replaces it if it is there already, as when it was read twice. */
  public void add(byte[] openid, WaitingPayload payload) {
    store.put(
        key(openid, payload.received().source().offset()), WaitingPayloadFormat.write(payload));
    index(payload);
  }

  /** Returns the waiting payloads of an openid, in order of arrival. */
  public List<WaitingPayload> payloads(byte[] openid) {
    NavigableMap<Long, Long> deadlinesByOffset = byOpenid.get(Bytes.wrap(openid));
    List<WaitingPayload> payloads = new ArrayList<>();
    if (deadlinesByOffset != null) {
      for (long offset : deadlinesByOffset.keySet()) {
        payloads.add(read(openid, offset));
      }
    }
    return payloads;
  }

  /**
   * Moves deadlines that are further away than the wait to the end of the wait: if the clock was
   * ahead when a payload arrived and was corrected since, it must not wait longer than others. Only
   * the index changes, so this is repeated after a restart.
   *
   * @param now milliseconds since 1970
   */
  public void capDeadlines(long now) {
    long latest = now + wait;
    while (!deadlines.isEmpty() && deadlines.last().deadline() > latest) {
      Entry ahead = deadlines.pollLast();
      deadlines.add(new Entry(latest, ahead.offset(), ahead.openid()));
      Objects.requireNonNull(byOpenid.get(ahead.openid())).put(ahead.offset(), latest);
      showCounts();
    }
  }

  /**
   * Returns the earliest deadline, in milliseconds since 1970, or {@link Long#MAX_VALUE} if no
   * payload waits.
   */
  public long nextDeadline() {
    return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().deadline();
  }

  /**
   * Returns the payload with the earliest deadline.
   *
   * @throws java.util.NoSuchElementException if no payload waits
   */
  public WaitingPayload next() {
    Entry first = deadlines.first();
    return read(first.openid().get(), first.offset());
  }

  /**
   * Returns when the first payload arrived that is in excess of the maximum of its openid, in
   * milliseconds since 1970, or {@link Long#MAX_VALUE} if there is none.
   */
  public long nextExcessArrival() {
    while (!excess.isEmpty() && count(excess.firstEntry().getValue().openid().get()) <= max) {
      // Others of the openid were answered since.
      excess.pollFirstEntry();
    }
    return excess.isEmpty() ? Long.MAX_VALUE : excess.firstEntry().getValue().at();
  }

  /** Returns the payload that {@link #nextExcessArrival} found. */
  public WaitingPayload nextExcess() {
    Map.Entry<Long, Arrival> first = excess.firstEntry();
    return read(first.getValue().openid().get(), first.getKey());
  }

  /** Removes a payload. */
  public void remove(WaitingPayload payload) {
    Bytes openid = Bytes.wrap(openid(payload));
    long offset = payload.received().source().offset();
    store.delete(key(openid.get(), offset));
    unindex(openid, offset);
    showCounts();
  }

  /** Takes these payloads out of the counts, which outlive a task that moves to another process. */
  public void close() {
    counts.setWaiting(this, 0, 0, 0);
  }

  private void index(WaitingPayload payload) {
    Bytes openid = Bytes.wrap(openid(payload));
    long offset = payload.received().source().offset();
    NavigableMap<Long, Long> before = byOpenid.get(openid);
    boolean tooMany =
        before != null
            && (before.containsKey(offset) ? excess.containsKey(offset) : before.size() >= max);
    unindex(openid, offset);
    byOpenid.computeIfAbsent(openid, unseen -> new TreeMap<>()).put(offset, payload.deadline());
    deadlines.add(new Entry(payload.deadline(), offset, openid));
    if (tooMany) {
      excess.put(offset, new Arrival(arrival(payload), openid));
    }
    showCounts();
  }

  private void showCounts() {
    long first = nextDeadline();
    counts.setWaiting(this, deadlines.size(), first, first - wait);
  }

  /** Removes a payload from the index, if present. */
  private void unindex(Bytes openid, long offset) {
    NavigableMap<Long, Long> deadlinesByOffset = byOpenid.get(openid);
    Long deadline = deadlinesByOffset == null ? null : deadlinesByOffset.remove(offset);
    if (deadlinesByOffset == null || deadline == null) {
      return;
    }
    if (deadlinesByOffset.isEmpty()) {
      byOpenid.remove(openid);
    }
    deadlines.remove(new Entry(deadline, offset, openid));
    excess.remove(offset);
  }

  /** Returns when a payload began to wait, by the processor's clock, in milliseconds since 1970. */
  public long arrival(WaitingPayload payload) {
    return payload.deadline() - wait;
  }

  private WaitingPayload read(byte[] openid, long offset) {
    byte[] stored = store.get(key(openid, offset));
    if (stored == null) {
      throw new IllegalStateException("the waiting store lacks a payload of its index");
    }
    return WaitingPayloadFormat.read(stored);
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
