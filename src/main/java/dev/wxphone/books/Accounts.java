package dev.wxphone.books;

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
 * The accounts of {@link BookKeeper}; the topics may be read in any order. Anyone who may publish a
 * payload may forge its headers, so they are verified: a payload is a rerouted copy only if it is
 * in the partition of its key and names a payload of the same key that is not. Headers that fail
 * are counted and take no memory.
 */
final class Accounts {
  /** What the header of a copy claims, until the payload that it names is read. */
  private record Claim(int partition, long offset, int keyHash) {}

  private final TopicNames topics;
  private final Map<Integer, PartitionAccount> partitions = new TreeMap<>();
  private final Map<Reason, Long> deadLetters = new EnumMap<>(Reason.class);
  private final Map<String, Reason> reasons = new HashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private long profiles;
  private long rerouted;
  private long forged;
  private long unknownReasons;

  /** Answers to partitions that do not exist, and an example. */
  private long nowhere;

  private String nowhereExample = "";

  /**
   * Creates empty accounts.
   *
   * @param firstOffsets the first offset to account for, of every partition of {@code
   *     phone-payload}
   */
  Accounts(TopicNames topics, Map<Integer, Long> firstOffsets) {
    this.topics = topics;
    firstOffsets.forEach(
        (partition, first) -> partitions.put(partition, new PartitionAccount(first)));
    for (Reason reason : Reason.values()) {
      reasons.put(reason.name(), reason);
    }
  }

  /** Leaves out the payloads of a partition from an offset on. */
  void end(int partition, long offset) {
    PartitionAccount account = partitions.get(partition);
    if (account != null) {
      account.end = offset;
    }
  }

  /** Notes that all payloads of a partition before an offset were read. */
  void readTo(int partition, long position) {
    PartitionAccount account = partitions.get(partition);
    if (account != null) {
      account.readTo(position);
    }
  }

  /** Accounts for a record of one of the three topics. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.phonePayload())) {
      addPayload(record);
    } else {
      addAnswer(record);
    }
  }

  private void addPayload(ConsumerRecord<byte[], byte[]> record) {
    PartitionAccount account = partitions.get(record.partition());
    if (account == null || record.offset() < account.read) {
      return;
    }
    byte @Nullable [] key = record.key();
    boolean belongs = key != null && Partitioning.of(key, partitions.size()) == record.partition();
    if (account.includes(record.offset())) {
      account.payloads.set(account.index(record.offset()));
      if (key != null && !belongs) {
        account.addMisplaced(record.offset(), key);
      }
    }
    account.readTo(record.offset() + 1);
    if (record.headers().lastHeader(HeaderNames.REROUTED_FROM) != null) {
      addClaim(record, key != null && belongs ? key : null, account.includes(record.offset()));
    }
  }

  /**
   * Notes which payload a copy claims to be rerouted from.
   *
   * @param key null if the copy is in a partition that nothing is rerouted to
   */
  private void addClaim(
      ConsumerRecord<byte[], byte[]> copy, byte @Nullable [] key, boolean isIncluded) {
    RecordCoordinates from = coordinates(copy, HeaderNames.REROUTED_FROM);
    PartitionAccount account =
        from != null && from.topic().equals(topics.phonePayload())
            ? partitions.get(from.partition())
            : null;
    if (from == null || account == null || key == null) {
      forged += isIncluded ? 1 : 0;
    } else if (account.includes(from.offset())) {
      claims.add(new Claim(from.partition(), from.offset(), Arrays.hashCode(key)));
    } else if (isIncluded && from.offset() >= account.first) {
      // A payload before the first offset cannot be verified, and is not in the books.
      forged++;
    }
  }

  private void addAnswer(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates to = coordinates(record, HeaderNames.SOURCE);
    if (to == null || !to.topic().equals(topics.phonePayload())) {
      return;
    }
    PartitionAccount account = partitions.get(to.partition());
    if (account == null) {
      nowhere++;
      nowhereExample = to.toString();
      return;
    }
    if (!account.includes(to.offset())) {
      return;
    }
    account.addAnswer(to.offset());
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

  /** Verifies the claims whose payload has been read. */
  void settle() {
    List<Claim> open = new ArrayList<>();
    for (Claim claim : claims) {
      PartitionAccount account = partitions.get(claim.partition());
      if (account == null || claim.offset() >= account.read) {
        open.add(claim);
      } else if (account.hasMisplaced(claim.offset(), claim.keyHash())) {
        account.addAnswer(claim.offset());
        rerouted++;
      } else {
        forged++;
      }
    }
    claims.clear();
    claims.addAll(open);
    partitions.values().forEach(PartitionAccount::settle);
  }

  /** Returns the books of the records so far. */
  Books books() {
    settle();
    long payloads = 0;
    long unanswered = 0;
    long twice = 0;
    long strange = nowhere;
    String example = nowhereExample;
    for (Map.Entry<Integer, PartitionAccount> entry : partitions.entrySet()) {
      PartitionAccount account = entry.getValue();
      BitSet missing = minus(account.payloads, account.answered);
      BitSet extra = minus(account.answered, account.payloads);
      payloads += account.payloads.cardinality();
      unanswered += missing.cardinality();
      twice += account.twice.cardinality();
      strange += extra.cardinality() + account.far.size();
      BitSet wrong = (BitSet) missing.clone();
      wrong.or(account.twice);
      wrong.or(extra);
      Long offset =
          wrong.isEmpty()
              ? account.far.keySet().stream().findFirst().orElse(null)
              : Long.valueOf(account.first + wrong.nextSetBit(0));
      if (offset != null) {
        example = new RecordCoordinates(topics.phonePayload(), entry.getKey(), offset).toString();
      }
    }
    return new Books(
        payloads,
        profiles,
        new EnumMap<>(deadLetters),
        // Claims that are not verified yet count as rerouted.
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
