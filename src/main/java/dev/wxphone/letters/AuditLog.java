package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.envelope.DeadLetterId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What was done with the letters of one topic, from the audit topic. Records of another incarnation
 * of the topic, and what is no audit record, count for nothing.
 */
public final class AuditLog {
  private final String deadLetterTopicId;
  private final Map<DeadLetterId, List<AuditRecord>> entries = new HashMap<>();

  /** An empty one. */
  AuditLog(String deadLetterTopicId) {
    this.deadLetterTopicId = deadLetterTopicId;
  }

  /**
   * Takes one record of the audit topic; of those with one key, in their order. Returns the letter
   * that it speaks of, null where it is none of this topic.
   */
  @Nullable DeadLetterId enter(ConsumerRecord<byte[], byte[]> record) {
    DeadLetterId id =
        record.key() == null ? null : DeadLetterId.parse(new String(record.key(), UTF_8));
    AuditRecord entry = AuditRecord.read(record.value());
    if (id == null || entry == null || !entry.deadLetterTopicId().equals(deadLetterTopicId)) {
      return null;
    }
    entries.merge(
        id,
        List.of(entry),
        (known, added) -> Stream.concat(known.stream(), added.stream()).toList());
    return id;
  }

  /** What was done with a letter last; null where nothing. */
  public @Nullable AuditRecord of(DeadLetterId id) {
    List<AuditRecord> all = allOf(id);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  /** All that was done with a letter, in order. */
  List<AuditRecord> allOf(DeadLetterId id) {
    return entries.getOrDefault(id, List.of());
  }
}
