/**
 * What a payload, an openid's session keys and a time amount to: a pure function. No Kafka, no
 * logging, no clock.
 */
@NullMarked
package dev.wxphone.core.proof;

import org.jspecify.annotations.NullMarked;
