/** The stream processor. */
@NullMarked
package dev.wxphone.stream;

import org.jspecify.annotations.NullMarked;
