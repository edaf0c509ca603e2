/** Whether every payload has exactly one answer, read from the topics alone. */
@NullMarked
package dev.wxphone.core.books;

import org.jspecify.annotations.NullMarked;
