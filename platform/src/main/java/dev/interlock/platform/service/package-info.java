/** Starts and stops a service, alone or with others in one JVM. */
@NullMarked
package dev.interlock.platform.service;

import org.jspecify.annotations.NullMarked;
