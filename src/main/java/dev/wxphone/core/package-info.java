/** What the bytes of one person amount to: no Kafka Streams, no clock, no I/O. */
@NullMarked
package dev.wxphone.core;

import org.jspecify.annotations.NullMarked;
