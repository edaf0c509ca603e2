package dev.wxphone.books;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The payloads of one partition of {@code phone-payload} and their answers, a few bits each. */
final class PartitionAccount {
  /**
   * Answers up to this many offsets ahead of the last payload read have a bit. Answers are often
   * read before their payloads, but bits up to a forged offset could fill the memory.
   */
  private static final int MAX_AHEAD = 1 << 20;

  final long first;
  final BitSet payloads = new BitSet();
  final BitSet answered = new BitSet();
  final BitSet twice = new BitSet();

  /** How many answers there are to offsets too far ahead for a bit, by offset. */
  final Map<Long, Long> far = new TreeMap<>();

  /** Payloads that do not belong here: the offset and, in the low half, the key's hash code. */
  private long[] misplaced = new long[16];

  private int misplacedCount;

  /** All payloads before this offset were read. */
  long read;

  /** Payloads from this offset on are not included. */
  long end = Long.MAX_VALUE;

  PartitionAccount(long first) {
    this.first = first;
    this.read = first;
  }

  boolean includes(long offset) {
    return offset >= first && offset < end;
  }

  void readTo(long position) {
    read = Math.max(read, position);
  }

  int index(long offset) {
    return Math.toIntExact(offset - first);
  }

  void addAnswer(long offset) {
    if (isNear(offset)) {
      int index = index(offset);
      (answered.get(index) ? twice : answered).set(index);
    } else {
      far.merge(offset, 1L, Long::sum);
    }
  }

  private boolean isNear(long offset) {
    return offset - read < MAX_AHEAD || end != Long.MAX_VALUE;
  }

  void settle() {
    List<Long> near = far.keySet().stream().filter(this::isNear).toList();
    for (long offset : near) {
      for (long left = far.getOrDefault(offset, 0L); left > 0; left--) {
        addAnswer(offset);
      }
      far.remove(offset);
    }
  }

  void addMisplaced(long offset, byte[] key) {
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
