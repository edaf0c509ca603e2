/** The commands beside the processor; each folder can be deleted with its line in Main. */
@NullMarked
package dev.wxphone.tools;

import org.jspecify.annotations.NullMarked;
