/** Text for operators: one-line errors, escaped and masked text, units, tables, suggestions. */
@NullMarked
package dev.wxphone.operator;

import org.jspecify.annotations.NullMarked;
