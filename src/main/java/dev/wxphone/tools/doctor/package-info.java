/** {@code wxphone doctor}: checks of a live installation that do not disturb it. */
@NullMarked
package dev.wxphone.tools.doctor;

import org.jspecify.annotations.NullMarked;
