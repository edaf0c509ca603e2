package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics for the commands that start their own broker or simulate on one. */
public final class TopicSetup {
  private TopicSetup() {}

  /** Creates and alters the topics as the bundled files want them. */
  public static void make(Settings settings) {
    KafkaProperties properties = new KafkaProperties(settings);
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      new TopicAdmin(admin, new AdminCalls(properties.bootstrapServers()))
          .apply(TopicFiles.bundled(settings.topics().byDefaultName()));
    }
  }
}
