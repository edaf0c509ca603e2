/**
 * What surrounds a value in Kafka's records: coordinates, headers, partitions, and the dead letters
 * that the headers make up.
 */
@NullMarked
package dev.wxphone.core.envelope;

import org.jspecify.annotations.NullMarked;
