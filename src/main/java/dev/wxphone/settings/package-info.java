/** The settings: what they are, where they are read from, and the errors if one is invalid. */
@NullMarked
package dev.wxphone.settings;

import org.jspecify.annotations.NullMarked;
