/**
 * What wxphone speaks of: reasons, repairs, session keys, profiles and verdicts; plain values that
 * know no bytes and no Kafka.
 */
@NullMarked
package dev.wxphone.core.domain;

import org.jspecify.annotations.NullMarked;
