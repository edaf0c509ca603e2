/** Forgets a person, and tells what holds data of theirs still. */
@NullMarked
package dev.wxphone.forget;

import org.jspecify.annotations.NullMarked;
