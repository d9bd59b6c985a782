/** A subset of POSIX sh that behaves like dash: syntax, expansion, evaluation. */
@NullMarked
package dev.interlock.lab.shell;

import org.jspecify.annotations.NullMarked;
