/** The command that checks that every payload has exactly one answer. */
@NullMarked
package dev.wxphone.tools.books;

import org.jspecify.annotations.NullMarked;
