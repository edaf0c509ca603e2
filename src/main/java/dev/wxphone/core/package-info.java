/** The core: formats, domain and proof, without Kafka Streams, a clock or I/O. */
@NullMarked
package dev.wxphone.core;

import org.jspecify.annotations.NullMarked;
