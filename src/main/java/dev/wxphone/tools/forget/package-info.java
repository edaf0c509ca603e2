/** Forgets a person, and tells what holds data of theirs still. */
@NullMarked
package dev.wxphone.tools.forget;

import org.jspecify.annotations.NullMarked;
