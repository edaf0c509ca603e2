/** What an operator may set, where it is read from, and what is said when it is set wrongly. */
@NullMarked
package dev.wxphone.settings;

import org.jspecify.annotations.NullMarked;
