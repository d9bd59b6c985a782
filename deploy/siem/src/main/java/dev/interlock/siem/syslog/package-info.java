/** The sink connector that speaks syslog. */
@NullMarked
package dev.interlock.siem.syslog;

import org.jspecify.annotations.NullMarked;
