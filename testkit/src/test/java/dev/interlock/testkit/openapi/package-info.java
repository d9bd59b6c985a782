/** The published OpenAPI documents and the problem types, held against their examples, their pages and the code. */
@NullMarked
package dev.interlock.testkit.openapi;

import org.jspecify.annotations.NullMarked;
