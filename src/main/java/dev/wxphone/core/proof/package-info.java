/**
 * The proof of a payload: a pure function of its value, the state of its openid and the time of the
 * click. No Kafka, no logging, no clock.
 */
@NullMarked
package dev.wxphone.core.proof;

import org.jspecify.annotations.NullMarked;
