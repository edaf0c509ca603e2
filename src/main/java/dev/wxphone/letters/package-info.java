/** The dead letters on their topic: what was done with each, and what a replay would do now. */
@NullMarked
package dev.wxphone.letters;

import org.jspecify.annotations.NullMarked;
