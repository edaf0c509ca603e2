package dev.wxphone.core.proof;

import java.time.Duration;
import java.util.Set;

/**
 * What a proof holds a plaintext to.
 *
 * @param appids ours; where empty, the appid of the session key's record counts
 * @param watermarkMaxAge how far the watermark may lie before the click's record
 */
public record ProofRules(Set<String> appids, Duration watermarkMaxAge) {
  public ProofRules {
    appids = Set.copyOf(appids);
  }
}
