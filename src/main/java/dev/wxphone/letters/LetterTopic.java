package dev.wxphone.letters;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.RequiredTopics;
import java.util.Map;
import java.util.Objects;

/**
 * The topic that the letters lie on.
 *
 * @param id Kafka's: a topic of the same name that is made anew has another
 * @param retention how long it keeps them, in milliseconds; {@link Long#MAX_VALUE} for ever
 */
public record LetterTopic(String id, long retention) {
  /** Reads it, and sees that all topics are there that its letters are judged by. */
  static LetterTopic read(KafkaProperties properties, TopicNames topics) {
    Map<String, ActualTopic> found =
        RequiredTopics.read(properties, topics.byDefaultName().values());
    ActualTopic letters = Objects.requireNonNull(found.get(topics.deadLetter()));
    return new LetterTopic(letters.id(), letters.retentionMs());
  }

  /** When a letter may be gone, milliseconds since 1970; {@link Long#MAX_VALUE} for never. */
  public long expiry(long appendedAt) {
    return retention > Long.MAX_VALUE - appendedAt ? Long.MAX_VALUE : appendedAt + retention;
  }
}
