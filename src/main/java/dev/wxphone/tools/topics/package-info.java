/** The commands that compare the topics with their files and change them. */
@NullMarked
package dev.wxphone.tools.topics;

import org.jspecify.annotations.NullMarked;
