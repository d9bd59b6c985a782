/** Who is signed in: one sealed cookie, so that no token reaches JavaScript and the edge keeps nothing. */
@NullMarked
package dev.interlock.edge.session;

import org.jspecify.annotations.NullMarked;
