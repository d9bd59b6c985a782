/** From {@code @Clause} marks in all modules' tests to {@code docs/conformance.md}. */
@NullMarked
package dev.interlock.testkit.conformance;

import org.jspecify.annotations.NullMarked;
