/**
 * The running program: what Kafka is told, the checks before the start, the stream's life and its
 * health.
 */
@NullMarked
package dev.wxphone.stream.runtime;

import org.jspecify.annotations.NullMarked;
