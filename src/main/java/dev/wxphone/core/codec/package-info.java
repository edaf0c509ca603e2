/**
 * Bytes to values and back: the records of the topics, WeChat's plaintext, and what is stored.
 * Nothing here decides.
 */
@NullMarked
package dev.wxphone.core.codec;

import org.jspecify.annotations.NullMarked;
