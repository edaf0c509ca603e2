/** Sends the payloads of dead letters once more, each once, and tells what became of them. */
@NullMarked
package dev.wxphone.tools.replay;

import org.jspecify.annotations.NullMarked;
