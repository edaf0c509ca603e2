package dev.wxphone.topics;

import java.util.Map;

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
}
