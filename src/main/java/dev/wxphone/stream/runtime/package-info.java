/** The life of the stream: its configuration, the checks before its start, its state and health. */
@NullMarked
package dev.wxphone.stream.runtime;

import org.jspecify.annotations.NullMarked;
