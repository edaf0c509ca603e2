/** Kafka's clients: their properties, bounded admin calls, reading topics, errors in one line. */
@NullMarked
package dev.wxphone.kafka;

import org.jspecify.annotations.NullMarked;
