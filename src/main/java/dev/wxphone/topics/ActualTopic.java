package dev.wxphone.topics;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic as the cluster has it.
 *
 * @param id Kafka's: a topic of the same name that is made anew has another
 * @param leaderless how many of its partitions have no leader at the moment
 * @param config every setting in force, whether set on the topic or inherited
 */
public record ActualTopic(
    String id, int partitions, int leaderless, int replicas, Map<String, String> config) {

  public ActualTopic {
    config = Map.copyOf(config);
  }

  /** How large a batch, and so a record, it takes; any size where the cluster does not say. */
  public long maxMessageBytes() {
    return Long.parseLong(
        config.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(Long.MAX_VALUE)));
  }

  /** How long a record is kept, in milliseconds; {@link Long#MAX_VALUE} for ever. */
  public long retentionMs() {
    long set = Long.parseLong(config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1"));
    return set < 0 ? Long.MAX_VALUE : set;
  }

  /** Whether a record's timestamp is the broker's, and not its publisher's. */
  public boolean stampsOnAppend() {
    return "LogAppendTime".equals(config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
  }
}
