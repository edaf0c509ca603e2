/** What is wrong with a live installation, read without disturbing it, and what to do about it. */
@NullMarked
package dev.wxphone.tools.doctor;

import org.jspecify.annotations.NullMarked;
