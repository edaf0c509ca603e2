/** Topics as their files want them, as the cluster has them, and as the stream requires them. */
@NullMarked
package dev.wxphone.topics;

import org.jspecify.annotations.NullMarked;
