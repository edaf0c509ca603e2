/** Sends the payloads of dead letters once more, each once, and reports the answers. */
@NullMarked
package dev.wxphone.tools.replay;

import org.jspecify.annotations.NullMarked;
