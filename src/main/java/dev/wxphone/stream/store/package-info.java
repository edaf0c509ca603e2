/** The state stores, and the format of every stored value. */
@NullMarked
package dev.wxphone.stream.store;

import org.jspecify.annotations.NullMarked;
