package dev.interlock.platform.security;

import java.util.Set;

/**
 * Who is acting: the subject of a token with its roles, or the service itself.
 *
 * @param name the token's {@code sub}; unique within the issuer
 */
public record Actor(String name, Set<String> roles) {

    /** The service acting on its own: timers, listeners, recovery. No token can carry this name. */
    public static final Actor SYSTEM = new Actor("system", Set.of());

    public Actor {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an actor has a name");
        }
        roles = Set.copyOf(roles);
    }

    public boolean is(String role) {
        return roles.contains(role);
    }
}
