package dev.wxphone.stream.store;

import dev.wxphone.core.envelope.ReceivedRecord;

/**
 * A payload that waits for its session key.
 *
 * @param deadline when its wait is over, in milliseconds since 1970
 */
public record WaitingPayload(long deadline, ReceivedRecord received) {}
