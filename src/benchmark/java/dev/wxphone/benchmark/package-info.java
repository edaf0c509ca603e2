/** What wxphone costs and how long it takes, measured; the commands are in measurements.md. */
@NullMarked
package dev.wxphone.benchmark;

import org.jspecify.annotations.NullMarked;
