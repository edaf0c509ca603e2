package dev.wxphone.core.domain;

import java.time.Duration;
import java.util.Set;

/**
 * The rules by which payloads are answered: all that the topology needs of the settings, and no
 * password.
 *
 * @param topics the names of the topics
 * @param appids our appids; if empty, the appid of the session key's record counts
 * @param sessionKeys how many of an openid's latest distinct session keys are kept and tried
 * @param sessionWait how long a payload waits for its session key; zero turns waiting off
 * @param sessionWaitMax how many payloads of one openid may wait
 * @param sessionFailures how many payloads of one openid may be stale within 24 hours under the
 *     same newest session key
 * @param watermarkMaxAge how far a watermark may lie before its record's timestamp
 * @param usersIdle after how long without a sign of the user what is kept of an openid is dropped
 * @param reroute whether a record in the wrong partition is sent once more, to the right one
 */
public record AnswerRules(
    TopicNames topics,
    Set<String> appids,
    int sessionKeys,
    Duration sessionWait,
    int sessionWaitMax,
    int sessionFailures,
    Duration watermarkMaxAge,
    Duration usersIdle,
    boolean reroute) {

  public AnswerRules {
    appids = Set.copyOf(appids);
  }
}
