package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.settings.Settings;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;

/**
 * Whether a process may be a static member of its group: always with Kafka's classic protocol; with
 * {@code group.protocol=streams} (KIP-1071) if all brokers are of 4.4 or newer, since an older one
 * rejects such a member.
 */
final class StreamsProtocol {
  private static final String FEATURE = "metadata.version";

  /** A cluster that has finalized this level (4.4-IV0) holds no older broker. */
  private static final short KAFKA_4_4 = 31;

  private StreamsProtocol() {}

  static boolean takesStaticMembers(Settings settings, Admin admin, AdminCalls calls) {
    if (!"streams".equalsIgnoreCase(settings.kafka().get("group.protocol"))) {
      return true;
    }
    FinalizedVersionRange level =
        calls
            .get(admin.describeFeatures().featureMetadata(), "Describe on the cluster")
            .finalizedFeatures()
            .get(FEATURE);
    return level != null && level.maxVersionLevel() >= KAFKA_4_4;
  }
}
