/** The topics as their files want them, the cluster as it is, and the way from one to the other. */
@NullMarked
package dev.wxphone.topics;

import org.jspecify.annotations.NullMarked;
