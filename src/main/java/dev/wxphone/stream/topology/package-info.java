/**
 * The topology: it joins payloads with the session keys of their openid and gives each exactly one
 * answer.
 */
@NullMarked
package dev.wxphone.stream.topology;

import org.jspecify.annotations.NullMarked;
