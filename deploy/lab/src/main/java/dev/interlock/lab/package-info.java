/** A simulated estate behind real SSH: many hosts on loopback ports, each a small true-to-life machine. */
@NullMarked
package dev.interlock.lab;

import org.jspecify.annotations.NullMarked;
