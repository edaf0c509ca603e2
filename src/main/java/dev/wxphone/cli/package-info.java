/** What all commands share: options, converters, terminal, progress, shutdown, errors. */
@NullMarked
package dev.wxphone.cli;

import org.jspecify.annotations.NullMarked;
