/**
 * What travels around a value: coordinates, headers, partitions. It knows Kafka's records and what
 * the contract says of them.
 */
@NullMarked
package dev.wxphone.core.envelope;

import org.jspecify.annotations.NullMarked;
