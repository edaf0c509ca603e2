/** Whether every payload has exactly one answer, read from the topics alone. */
@NullMarked
package dev.wxphone.books;

import org.jspecify.annotations.NullMarked;
