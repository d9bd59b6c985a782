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
 * @param idToken by which the provider knows its own session when it is to end; null for a token that was pasted
 */
public record Session(
        String id,
        String token,
        String subject,
        Set<String> roles,
        Instant expiresAt,
        Instant tokenExpiresAt,
        @Nullable String refresh,
        @Nullable String idToken) {

    public Session {
        roles = Set.copyOf(roles);
    }

    /** Begun at the identity provider, which then has a session of its own. */
    boolean isOfProvider() {
        return idToken != null || refresh != null;
    }

    Session withoutIdToken() {
        return new Session(id, token, subject, roles, expiresAt, tokenExpiresAt, refresh, null);
    }

    Set<String> rolesInOrder() {
        return new TreeSet<>(roles);
    }

    @Override
    public String toString() {
        return "session " + id + " of " + subject;
    }
}
