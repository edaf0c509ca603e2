package dev.wxphone.topology;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
final class WaitingRoom {
  private record Place(long deadline, long offset, Bytes openid) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final AnswerCounts counts;
  private final Map<Bytes, NavigableSet<Long>> offsets = new HashMap<>();
  private final NavigableSet<Place> deadlines =
      new TreeSet<>(Comparator.comparingLong(Place::deadline).thenComparingLong(Place::offset));

  WaitingRoom(KeyValueStore<Bytes, byte[]> store, AnswerCounts counts) {
    this.store = store;
    this.counts = counts;
    try (KeyValueIterator<Bytes, byte[]> stored = store.all()) {
      while (stored.hasNext()) {
        KeyValue<Bytes, byte[]> entry = stored.next();
        index(WaitingPayload.fromBytes(entry.value));
      }
    }
  }

  boolean isEmpty() {
    return deadlines.isEmpty();
  }

  int count(byte[] openid) {
    NavigableSet<Long> those = offsets.get(Bytes.wrap(openid));
    return those == null ? 0 : those.size();
  }

  void add(byte[] openid, WaitingPayload payload) {
    store.put(key(openid, payload.received().source().offset()), payload.toBytes());
    index(payload);
  }

  /** Those of an openid, in order of arrival. */
  List<WaitingPayload> of(byte[] openid) {
    NavigableSet<Long> those = offsets.get(Bytes.wrap(openid));
    List<WaitingPayload> payloads = new ArrayList<>();
    if (those != null) {
      for (long offset : those) {
        payloads.add(read(openid, offset));
      }
    }
    return payloads;
  }

  /** The deadline of whoever has to leave first; {@link Long#MAX_VALUE} where nobody waits. */
  long nextDeadline() {
    return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().deadline();
  }

  /** Whoever has to leave first; there is someone. */
  WaitingPayload next() {
    Place place = deadlines.first();
    return read(place.openid().get(), place.offset());
  }

  void remove(WaitingPayload payload) {
    byte[] openid = openid(payload);
    long offset = payload.received().source().offset();
    store.delete(key(openid, offset));
    deadlines.remove(new Place(payload.deadline(), offset, Bytes.wrap(openid)));
    NavigableSet<Long> those = offsets.get(Bytes.wrap(openid));
    if (those != null && those.remove(offset) && those.isEmpty()) {
      offsets.remove(Bytes.wrap(openid));
    }
    counts.waiting(-1);
    tellDeadline();
  }

  /** The counts outlive a task that moves elsewhere; its waiting payloads don't stay. */
  void leave() {
    counts.waiting(-deadlines.size());
    counts.nextDeadline(this, Long.MAX_VALUE);
  }

  private void index(WaitingPayload payload) {
    Bytes openid = Bytes.wrap(openid(payload));
    long offset = payload.received().source().offset();
    offsets.computeIfAbsent(openid, unseen -> new TreeSet<>()).add(offset);
    deadlines.add(new Place(payload.deadline(), offset, openid));
    counts.waiting(1);
    tellDeadline();
  }

  private void tellDeadline() {
    counts.nextDeadline(this, nextDeadline());
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
