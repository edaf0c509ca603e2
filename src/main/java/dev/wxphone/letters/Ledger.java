package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.codec.AuditRecord;
import dev.wxphone.envelope.LetterId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What was done with the letters of one topic, from the audit topic. Records of another incarnation
 * of the topic, and what is no audit record, count for nothing.
 */
public final class Ledger {
  private final String deadLetterTopicId;
  private final Map<LetterId, AuditRecord> latest = new HashMap<>();
  private final Set<LetterId> replayed = new HashSet<>();

  /** An empty one. */
  Ledger(String deadLetterTopicId) {
    this.deadLetterTopicId = deadLetterTopicId;
  }

  /**
   * Takes one record of the audit topic; of those with one key, in their order. Returns the letter
   * that it speaks of, null where it is none of this topic.
   */
  @Nullable LetterId enter(ConsumerRecord<byte[], byte[]> record) {
    LetterId id = record.key() == null ? null : LetterId.parse(new String(record.key(), UTF_8));
    AuditRecord entry = AuditRecord.read(record.value());
    if (id == null || entry == null || !entry.deadLetterTopicId().equals(deadLetterTopicId)) {
      return null;
    }
    latest.put(id, entry);
    if (entry.action() == AuditRecord.Action.REPLAYED) {
      replayed.add(id);
    }
    return id;
  }

  /** What was done with a letter last; null where nothing. */
  public @Nullable AuditRecord of(LetterId id) {
    return latest.get(id);
  }

  /** Whether a letter was ever replayed, parked after it or not. */
  public boolean isReplayed(LetterId id) {
    return replayed.contains(id);
  }
}
