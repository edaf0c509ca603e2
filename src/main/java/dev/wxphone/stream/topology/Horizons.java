package dev.wxphone.stream.topology;

/**
 * How far the inputs have been read.
 *
 * @param payloads of {@code phone-payload}
 * @param sessionKeys of {@code session-key}
 */
public record Horizons(Horizon payloads, Horizon sessionKeys) {}
