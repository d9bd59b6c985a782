/** Metrics, alerts, dashboards and consumer examples against the running product. */
@NullMarked
package dev.interlock.dashboards;

import org.jspecify.annotations.NullMarked;
