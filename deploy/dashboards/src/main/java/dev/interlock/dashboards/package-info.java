/** Grafana dashboards and Prometheus, as programs see them. */
@NullMarked
package dev.interlock.dashboards;

import org.jspecify.annotations.NullMarked;
