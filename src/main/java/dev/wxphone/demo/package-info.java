/** Something to look at: simulated users of a mini-program, and what becomes of their clicks. */
@NullMarked
package dev.wxphone.demo;

import org.jspecify.annotations.NullMarked;
