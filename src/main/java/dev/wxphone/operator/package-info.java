/** What is said to a person: errors of one line, escaped and masked text, units, suggestions. */
@NullMarked
package dev.wxphone.operator;

import org.jspecify.annotations.NullMarked;
