package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.kafka.TopicReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The history of one letter.
 *
 * @param audit the actions on it, in order
 * @param answers to its replays
 */
public record LetterHistory(List<AuditRecord> audit, List<Answer> answers) {
  /**
   * An answer to a replay of it.
   *
   * @param letter the letter that it came back as; null if it became a profile
   * @param reason of that letter
   * @param at timestamp of the answer, milliseconds since 1970
   */
  public record Answer(@Nullable DeadLetterId letter, @Nullable Reason reason, long at) {}

  public LetterHistory {
    audit = List.copyOf(audit);
    answers = List.copyOf(answers);
  }

  /**
   * Reads the answers to the replays of a letter, if there were any.
   *
   * @param audit the actions on it, in order
   */
  static LetterHistory read(
      TopicReader reader, TopicNames topics, List<AuditRecord> audit, DeadLetter letter) {
    List<Answer> answers = new ArrayList<>();
    if (audit.stream().anyMatch(entry -> entry.action() == AuditRecord.Action.REPLAYED)) {
      TopicReader.Span profiles = reader.span(topics.userProfile());
      int home = letter.key() == null ? 0 : Partitioning.of(letter.key(), profiles.ends().size());
      reader.read(
          profiles.only(partition -> partition == home), r -> addAnswer(r, letter, answers));
      reader.read(reader.span(topics.deadLetter()), r -> addAnswer(r, letter, answers));
    }
    return new LetterHistory(audit, answers);
  }

  private static void addAnswer(
      ConsumerRecord<byte[], byte[]> record, DeadLetter letter, List<Answer> answers) {
    String from = HeaderNames.text(record.headers(), HeaderNames.REPLAYED_FROM);
    // Anyone may forge the header, but not an answer under the key of another user.
    boolean isAnswer =
        letter.id().toString().equals(from) && Arrays.equals(record.key(), letter.key());
    if (isAnswer) {
      DeadLetter back = DeadLetter.read(record);
      answers.add(
          back == null
              ? new Answer(null, null, record.timestamp())
              : new Answer(back.id(), back.reason(), record.timestamp()));
    }
  }
}
