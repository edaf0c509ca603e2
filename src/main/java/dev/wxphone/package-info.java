/**
 * wxphone: WeChat phone-button callbacks in, verified user profiles and explained dead letters out.
 */
@NullMarked
package dev.wxphone;

import org.jspecify.annotations.NullMarked;
