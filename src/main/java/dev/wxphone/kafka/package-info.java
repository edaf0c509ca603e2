/** Kafka's clients: configuration, bounded calls, reading topics to their end, errors. */
@NullMarked
package dev.wxphone.kafka;

import org.jspecify.annotations.NullMarked;
