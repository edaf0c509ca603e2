package dev.wxphone.topics;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as the cluster has it.
 *
 * @param id topic id; a topic that is deleted and created again has another
 * @param leaderless number of its partitions without a leader
 * @param config all settings in force, whether set on the topic or inherited
 */
public record ActualTopic(
    String id, int partitions, int leaderless, int replicas, Map<String, String> config) {

  public ActualTopic {
    config = Map.copyOf(config);
  }

  /** Returns the maximum size, in bytes, of a batch, and so of a record. */
  public long maxMessageBytes() {
    return Long.parseLong(
        config.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(Long.MAX_VALUE)));
  }

  /** Returns how long a record is kept, in milliseconds; {@link Long#MAX_VALUE} for ever. */
  public long retentionMs() {
    long value = Long.parseLong(config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1"));
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** Returns whether the timestamp of a record is the broker's, and not its publisher's. */
  public boolean stampsOnAppend() {
    return "LogAppendTime".equals(config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
  }
}
