package dev.wxphone.core.proof;

import java.time.Duration;
import java.util.Set;

/**
 * The rules by which a plaintext is checked.
 *
 * @param appids our appids; if empty, the appid of the session key's record counts
 * @param watermarkMaxAge how far the watermark may lie before the click's record
 */
public record ProofRules(Set<String> appids, Duration watermarkMaxAge) {
  public ProofRules {
    appids = Set.copyOf(appids);
  }
}
