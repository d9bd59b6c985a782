/** What a plan and a run are: records, sealed outcomes, pure functions. No framework, no I/O, no clock. */
@NullMarked
package dev.interlock.upgrade.domain;

import org.jspecify.annotations.NullMarked;
