/** What an agent's licence validations mean: coverage and grace. No framework, no I/O, no clock. */
@NullMarked
package dev.interlock.agent.domain;

import org.jspecify.annotations.NullMarked;
