package dev.wxphone.letters;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.RequiredTopics;
import java.util.Map;
import java.util.Objects;

/**
 * The topic that the letters are on.
 *
 * @param id Kafka's topic id: a topic that is deleted and created again has another
 * @param retention how long it keeps them, in milliseconds; {@link Long#MAX_VALUE} if for ever
 */
public record LetterTopic(String id, long retention) {
  /** Reads it, and requires all topics that its letters are assessed with. */
  static LetterTopic read(KafkaProperties properties, TopicNames topics) {
    Map<String, ActualTopic> found =
        RequiredTopics.read(properties, topics.byDefaultName().values());
    ActualTopic letters = Objects.requireNonNull(found.get(topics.deadLetter()));
    return new LetterTopic(letters.id(), letters.retentionMs());
  }

  /** Returns when a letter may expire, milliseconds since 1970; {@link Long#MAX_VALUE} if never. */
  public long expiry(long appendedAt) {
    return retention > Long.MAX_VALUE - appendedAt ? Long.MAX_VALUE : appendedAt + retention;
  }
}
