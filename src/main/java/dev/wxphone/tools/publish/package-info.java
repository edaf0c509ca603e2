/** Publishes payloads and session keys from lines of JSON, in the place of a backend. */
@NullMarked
package dev.wxphone.tools.publish;

import org.jspecify.annotations.NullMarked;
