/** The commands that show dead letters and mark them as dealt with. */
@NullMarked
package dev.wxphone.tools.deadletters;

import org.jspecify.annotations.NullMarked;
