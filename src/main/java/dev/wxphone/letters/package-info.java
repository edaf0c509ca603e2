/** The dead letters: what they say, what became of them, and what would become of them now. */
@NullMarked
package dev.wxphone.letters;

import org.jspecify.annotations.NullMarked;
