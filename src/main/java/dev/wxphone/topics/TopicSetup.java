package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import org.apache.kafka.clients.admin.Admin;

/** Makes the topics where the program brings its own broker or plays on one. */
public final class TopicSetup {
  private TopicSetup() {}

  /** The cluster has the topics of {@code topics/} then. */
  public static void make(Settings settings) {
    KafkaProperties properties = new KafkaProperties(settings);
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      new TopicAdmin(admin, properties.bootstrapServers(), AdminCalls.TIMEOUT)
          .apply(TopicFiles.bundled(settings.topics().byDefaultName()));
    }
  }
}
