/** Simulated users, WeChat and a backend, and what goes wrong between them. */
@NullMarked
package dev.wxphone.demo.simulator;

import org.jspecify.annotations.NullMarked;
