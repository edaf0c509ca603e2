/**
 * The stream: payloads joined with the session keys of their openid, exactly one answer each. Kafka
 * Streams lives here.
 */
@NullMarked
package dev.wxphone.stream.topology;

import org.jspecify.annotations.NullMarked;
