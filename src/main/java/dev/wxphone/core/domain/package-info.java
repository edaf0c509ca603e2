/**
 * The domain: reasons, repairs, session keys, user states, profiles, verdicts and rules; plain
 * values without Kafka or formats.
 */
@NullMarked
package dev.wxphone.core.domain;

import org.jspecify.annotations.NullMarked;
