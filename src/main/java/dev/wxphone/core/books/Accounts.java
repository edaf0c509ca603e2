package dev.wxphone.core.books;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.RecordCoordinates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The accounting behind {@link BookKeeper}, of records in any order of the topics. Anyone who may
 * publish a payload may forge its headers, so what they say is checked before it counts: a copy was
 * sent on only where it lies in its key's partition and names a payload of the same key that does
 * not. What is not believed is counted, and takes no room.
 */
final class Accounts {
  /**
   * How far ahead of what is read an answer's bit is kept at once. Answers are often read before
   * their payloads; bits up to wherever a forged offset points could fill the memory.
   */
  private static final int AHEAD = 1 << 20;

  /** One partition of {@code phone-payload}, by offset from where the books begin. */
  private static final class Page {
    final long first;
    final BitSet payloads = new BitSet();
    final BitSet answered = new BitSet();
    final BitSet twice = new BitSet();

    /** Answers that are too far ahead for a bit, and how many; by offset. */
    final Map<Long, Long> far = new TreeMap<>();

    /** Of the payloads that don't belong here: the offset and, in the low half, the key's hash. */
    private long[] misplaced = new long[16];

    private int misplacedCount;

    /** All before it is read. */
    long read;

    /** What is from here on is of no concern. */
    long end = Long.MAX_VALUE;

    Page(long first) {
      this.first = first;
      this.read = first;
    }

    boolean concerns(long offset) {
      return offset >= first && offset < end;
    }

    void readTo(long position) {
      read = Math.max(read, position);
    }

    int index(long offset) {
      return Math.toIntExact(offset - first);
    }

    void answer(long offset) {
      if (isNear(offset)) {
        int index = index(offset);
        (answered.get(index) ? twice : answered).set(index);
      } else {
        far.merge(offset, 1L, Long::sum);
      }
    }

    private boolean isNear(long offset) {
      return offset - read < AHEAD || end != Long.MAX_VALUE;
    }

    void settle() {
      List<Long> near = far.keySet().stream().filter(this::isNear).toList();
      for (long offset : near) {
        for (long left = far.getOrDefault(offset, 0L); left > 0; left--) {
          answer(offset);
        }
        far.remove(offset);
      }
    }

    void misplaced(long offset, byte[] key) {
      if (misplacedCount == misplaced.length) {
        misplaced = Arrays.copyOf(misplaced, misplacedCount * 2);
      }
      misplaced[misplacedCount++] = entry(offset, Arrays.hashCode(key));
    }

    boolean hasMisplaced(long offset, int keyHash) {
      return Arrays.binarySearch(misplaced, 0, misplacedCount, entry(offset, keyHash)) >= 0;
    }

    private long entry(long offset, int keyHash) {
      return ((long) index(offset) << 32) | Integer.toUnsignedLong(keyHash);
    }
  }

  /** What a copy says, while what it names is not read yet. */
  private record Claim(int partition, long offset, int keyHash) {}

  private final TopicNames topics;
  private final Map<Integer, Page> pages = new TreeMap<>();
  private final Map<Reason, Long> deadLetters = new EnumMap<>(Reason.class);
  private final Map<String, Reason> reasons = new HashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private long profiles;
  private long rerouted;
  private long forged;
  private long unknownReasons;

  /** Answers to what no partition can hold, and one of them. */
  private long nowhere;

  private String nowhereExample = "";

  /**
   * Begins.
   *
   * @param firstOffsets of every partition of {@code phone-payload}
   */
  Accounts(TopicNames topics, Map<Integer, Long> firstOffsets) {
    this.topics = topics;
    firstOffsets.forEach((partition, first) -> pages.put(partition, new Page(first)));
    for (Reason reason : Reason.values()) {
      reasons.put(reason.name(), reason);
    }
  }

  /** Payloads of a partition from an offset on are of no concern; answers to others still are. */
  void end(int partition, long offset) {
    Page page = pages.get(partition);
    if (page != null) {
      page.end = offset;
    }
  }

  /** All payloads of a partition before an offset have been seen. */
  void readTo(int partition, long position) {
    Page page = pages.get(partition);
    if (page != null) {
      page.readTo(position);
    }
  }

  void see(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.phonePayload())) {
      payload(record);
    } else {
      answer(record);
    }
  }

  private void payload(ConsumerRecord<byte[], byte[]> record) {
    Page page = pages.get(record.partition());
    if (page == null || record.offset() < page.read) {
      return;
    }
    byte @Nullable [] key = record.key();
    boolean belongs = key != null && Partitioning.of(key, pages.size()) == record.partition();
    if (page.concerns(record.offset())) {
      page.payloads.set(page.index(record.offset()));
      if (key != null && !belongs) {
        page.misplaced(record.offset(), key);
      }
    }
    page.readTo(record.offset() + 1);
    if (record.headers().lastHeader(HeaderNames.REROUTED_FROM) != null) {
      claim(record, key != null && belongs ? key : null, page.concerns(record.offset()));
    }
  }

  /**
   * Takes down what a payload says of where it comes from.
   *
   * @param key null where it lies where nothing is ever sent on to
   */
  private void claim(
      ConsumerRecord<byte[], byte[]> copy, byte @Nullable [] key, boolean isOfConcern) {
    RecordCoordinates from = coordinates(copy, HeaderNames.REROUTED_FROM);
    Page page =
        from != null && from.topic().equals(topics.phonePayload())
            ? pages.get(from.partition())
            : null;
    if (from == null || page == null || key == null) {
      forged += isOfConcern ? 1 : 0;
    } else if (page.concerns(from.offset())) {
      claims.add(new Claim(from.partition(), from.offset(), Arrays.hashCode(key)));
    } else if (isOfConcern && from.offset() >= page.first) {
      // What lies before the books begin can't be looked up, and isn't in them.
      forged++;
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates to = coordinates(record, HeaderNames.SOURCE);
    if (to == null || !to.topic().equals(topics.phonePayload())) {
      return;
    }
    Page page = pages.get(to.partition());
    if (page == null) {
      nowhere++;
      nowhereExample = to.toString();
      return;
    }
    if (!page.concerns(to.offset())) {
      return;
    }
    page.answer(to.offset());
    if (record.topic().equals(topics.userProfile())) {
      profiles++;
    } else if (record.headers().lastHeader(HeaderNames.REASON) != null) {
      Reason reason = reasons.get(HeaderNames.text(record.headers(), HeaderNames.REASON));
      if (reason == null) {
        unknownReasons++;
      } else {
        deadLetters.merge(reason, 1L, Long::sum);
      }
    }
  }

  /** Believes or not, where what is named has been read by now. */
  void settle() {
    List<Claim> open = new ArrayList<>();
    for (Claim claim : claims) {
      Page page = pages.get(claim.partition());
      if (page == null || claim.offset() >= page.read) {
        open.add(claim);
      } else if (page.hasMisplaced(claim.offset(), claim.keyHash())) {
        page.answer(claim.offset());
        rerouted++;
      } else {
        forged++;
      }
    }
    claims.clear();
    claims.addAll(open);
    pages.values().forEach(Page::settle);
  }

  /** The books as far as they are read. */
  Books books() {
    settle();
    long payloads = 0;
    long unanswered = 0;
    long twice = 0;
    long strange = nowhere;
    String example = nowhereExample;
    for (Map.Entry<Integer, Page> entry : pages.entrySet()) {
      Page page = entry.getValue();
      BitSet missing = minus(page.payloads, page.answered);
      BitSet extra = minus(page.answered, page.payloads);
      payloads += page.payloads.cardinality();
      unanswered += missing.cardinality();
      twice += page.twice.cardinality();
      strange += extra.cardinality() + page.far.size();
      BitSet wrong = (BitSet) missing.clone();
      wrong.or(page.twice);
      wrong.or(extra);
      Long offset =
          wrong.isEmpty()
              ? page.far.keySet().stream().findFirst().orElse(null)
              : Long.valueOf(page.first + wrong.nextSetBit(0));
      if (offset != null) {
        example = new RecordCoordinates(topics.phonePayload(), entry.getKey(), offset).toString();
      }
    }
    return new Books(
        payloads,
        profiles,
        new EnumMap<>(deadLetters),
        // A copy that is read before its original is one, until that is read.
        rerouted + claims.size(),
        unanswered,
        twice,
        strange,
        unknownReasons,
        forged,
        example);
  }

  private static @Nullable RecordCoordinates coordinates(
      ConsumerRecord<byte[], byte[]> record, String header) {
    return RecordCoordinates.parse(HeaderNames.text(record.headers(), header));
  }

  private static BitSet minus(BitSet all, BitSet those) {
    BitSet rest = (BitSet) all.clone();
    rest.andNot(those);
    return rest;
  }
}
