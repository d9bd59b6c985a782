/** Who may do what: signed tokens, five roles, deny by default. */
@NullMarked
package dev.interlock.platform.security;

import org.jspecify.annotations.NullMarked;
