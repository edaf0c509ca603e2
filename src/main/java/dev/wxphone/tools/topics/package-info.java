/** {@code wxphone topics}: compares topics with their files, and creates and alters them. */
@NullMarked
package dev.wxphone.tools.topics;

import org.jspecify.annotations.NullMarked;
