/** The OpenAPI documents: made from the controllers, compared with what is published, held against real answers. */
@NullMarked
package dev.interlock.testkit.openapi;

import org.jspecify.annotations.NullMarked;
