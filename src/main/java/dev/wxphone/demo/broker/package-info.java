/** A Kafka broker inside this process, for the demo, for development and for tests. */
@NullMarked
package dev.wxphone.demo.broker;

import org.jspecify.annotations.NullMarked;
