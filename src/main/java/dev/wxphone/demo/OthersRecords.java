package dev.wxphone.demo;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.demo.simulator.Traffic;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps the simulated users of the demo out of topics that hold real ones. */
final class OthersRecords {
  /** Enough for all records of many demos; more than that is taken for others'. */
  private static final Duration READ_AT_MOST = Duration.ofSeconds(10);

  private OthersRecords() {}

  /**
   * Checks the topics that exist.
   *
   * @throws OperatorException if one holds, or may hold, a record that no demo has published
   */
  static void refuse(Settings settings) {
    KafkaProperties properties = new KafkaProperties(settings);
    TopicNames names = settings.topics();
    Set<String> existing;
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      existing =
          new AdminCalls(properties.bootstrapServers())
              .get(admin.listTopics().names(), "Describe on the topics");
    }
    try (TopicReader reader = new TopicReader(properties, AdminCalls.TIMEOUT)) {
      for (String topic :
          List.of(
              names.phonePayload(), names.sessionKey(), names.userProfile(), names.deadLetter())) {
        if (existing.contains(topic)
            && reader.mayHoldRecords(READ_AT_MOST, reader.span(topic), OthersRecords::isOfOthers)) {
          throw OperatorException.failed(
              "%s at %s holds records that no demo has published, and the demo would publish made-up people beside them; name a cluster or topics (wxphone.topic.*) of its own, or give --yes"
                  .formatted(topic, properties.bootstrapServers()));
        }
      }
    }
  }

  /** Records without a value, such as those by which the stream reroutes, may be a demo's too. */
  private static boolean isOfOthers(ConsumerRecord<byte[], byte[]> record) {
    return record.value() != null && !Traffic.isSimulated(record.headers());
  }
}
