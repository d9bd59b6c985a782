/**
 * The Java client of the four services. Requests and answers are generated from the published OpenAPI documents into the packages
 * below this one; here stands what they all need.
 */
@NullMarked
package dev.interlock.client;

import org.jspecify.annotations.NullMarked;
