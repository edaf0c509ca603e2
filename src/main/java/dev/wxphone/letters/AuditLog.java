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
 * The actions on the letters of one topic, from the audit topic. Records about another topic of the
 * same name (deleted and created again, it has another id) and what is no audit record are ignored.
 */
public final class AuditLog {
  private final String deadLetterTopicId;
  private final Map<DeadLetterId, List<AuditRecord>> entries = new HashMap<>();

  /** Creates an empty log. */
  AuditLog(String deadLetterTopicId) {
    this.deadLetterTopicId = deadLetterTopicId;
  }

  /**
   * Adds a record of the audit topic; those of one key in their order. Returns the id of its
   * letter, or null if the record is ignored.
   */
  @Nullable DeadLetterId add(ConsumerRecord<byte[], byte[]> record) {
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

  /** Returns the last action on a letter, or null if there was none. */
  public @Nullable AuditRecord latest(DeadLetterId id) {
    List<AuditRecord> all = all(id);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  /** Returns all actions on a letter, in order. */
  List<AuditRecord> all(DeadLetterId id) {
    return entries.getOrDefault(id, List.of());
  }
}
