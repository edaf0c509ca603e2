/** The commands: what is asked on the command line, and what is printed. */
@NullMarked
package dev.wxphone.cli;

import org.jspecify.annotations.NullMarked;
