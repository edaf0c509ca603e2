/** The {@code demo} command: simulated traffic, and a view of how it is answered. */
@NullMarked
package dev.wxphone.demo;

import org.jspecify.annotations.NullMarked;
