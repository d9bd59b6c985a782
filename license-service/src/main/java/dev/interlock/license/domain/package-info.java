/** What a licence is: purchases, their split over servers, sessions. No framework, no I/O, no clock. */
@NullMarked
package dev.interlock.license.domain;

import org.jspecify.annotations.NullMarked;
