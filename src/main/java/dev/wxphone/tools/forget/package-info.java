/** The command that forgets users and lists the topics that still hold data of theirs. */
@NullMarked
package dev.wxphone.tools.forget;

import org.jspecify.annotations.NullMarked;
