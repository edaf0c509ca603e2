/** What is counted, and the text in which Prometheus reads it. */
@NullMarked
package dev.wxphone.stream.metrics;

import org.jspecify.annotations.NullMarked;
