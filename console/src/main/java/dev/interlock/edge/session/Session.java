package dev.interlock.edge.session;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who signed in.
 *
 * @param id tells sessions apart; says nothing about anybody
 * @param token what the services are shown
 * @param expiresAt of the session: with the token's end, unless it is renewed, and with the longest life of a session
 * @param tokenExpiresAt when it must be renewed or is over
 * @param refresh with which the issuer gives a new token; null for a token that was pasted
 */
public record Session(
        String id,
        String token,
        String subject,
        Set<String> roles,
        Instant expiresAt,
        Instant tokenExpiresAt,
        @Nullable String refresh) {

    public Session {
        roles = Set.copyOf(roles);
    }

    Set<String> rolesInOrder() {
        return new TreeSet<>(roles);
    }

    @Override
    public String toString() {
        return "session " + id + " of " + subject;
    }
}
