/** The command that goes past a record which the stream can't read. */
@NullMarked
package dev.wxphone.tools.skip;

import org.jspecify.annotations.NullMarked;
