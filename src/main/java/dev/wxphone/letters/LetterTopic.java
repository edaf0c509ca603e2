package dev.wxphone.letters;

import dev.wxphone.runtime.Asking;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.settings.TopicNames;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.TopicAdmin;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;

/**
 * The topic that the letters lie on.
 *
 * @param id Kafka's: a topic of the same name that is made anew has another
 * @param retention how long it keeps them, in milliseconds; {@link Long#MAX_VALUE} for ever
 */
public record LetterTopic(String id, long retention) {
  /** Reads it, and sees that all topics are there that its letters are judged by. */
  static LetterTopic read(KafkaProperties properties, TopicNames topics) {
    try (Admin admin = Admin.create(properties.ofClient())) {
      TopicAdmin asking = new TopicAdmin(admin, properties.bootstrapServers(), Asking.TIMEOUT);
      List<String> names = List.copyOf(topics.byDefaultName().values());
      Map<String, ActualTopic> found = asking.read(names);
      for (String name : names) {
        if (!found.containsKey(name)) {
          throw TopicAdmin.missing(name, properties.bootstrapServers());
        }
      }
      ActualTopic letters = Objects.requireNonNull(found.get(topics.deadLetter()));
      return new LetterTopic(letters.id(), letters.retentionMs());
    }
  }

  /** When a letter may be gone, milliseconds since 1970; {@link Long#MAX_VALUE} for never. */
  public long expiry(long appendedAt) {
    return retention > Long.MAX_VALUE - appendedAt ? Long.MAX_VALUE : appendedAt + retention;
  }
}
