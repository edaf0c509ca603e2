/** Readers and writers of the records' values and of WeChat's plaintext. They decide nothing. */
@NullMarked
package dev.wxphone.core.codec;

import org.jspecify.annotations.NullMarked;
