/** What hosts, facts and deployments are: pure, without framework, I/O or clock. */
@NullMarked
package dev.interlock.inventory.domain;

import org.jspecify.annotations.NullMarked;
