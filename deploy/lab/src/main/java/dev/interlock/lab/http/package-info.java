/** The doors by which a host's HTTP ports are reached from outside. */
@NullMarked
package dev.interlock.lab.http;

import org.jspecify.annotations.NullMarked;
