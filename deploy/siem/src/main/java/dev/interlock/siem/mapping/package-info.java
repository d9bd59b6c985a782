/** What each event type means to a SIEM: the table, and what is made of it. */
@NullMarked
package dev.interlock.siem.mapping;

import org.jspecify.annotations.NullMarked;
