package dev.interlock.testkit;

import dev.interlock.embedded.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Bearer tokens signed by a key of this test run; services under test get its public half as their JWKS. */
public final class TestTokens {
    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey STRANGER = SigningKey.generate();

    private TestTokens() {}

    /** A token valid for an hour, roles as in {@code viewer}, {@code operator}, {@code approver}, {@code admin}. */
    public static String token(String name, String... roles) {
        return KEY.token(name, List.of(roles), Instant.now(), Duration.ofHours(1));
    }

    /** A token with another life. */
    public static String token(String name, Duration validity, String... roles) {
        return KEY.token(name, List.of(roles), Instant.now(), validity);
    }

    /** A token that was valid once. */
    public static String expired(String name, String... roles) {
        return KEY.token(name, List.of(roles), Instant.now().minus(Duration.ofHours(2)), Duration.ofHours(1));
    }

    /** A token signed by a key that no service knows. */
    public static String forged(String name, String... roles) {
        return STRANGER.token(name, List.of(roles), Instant.now(), Duration.ofHours(1));
    }

    public static String jwksJson() {
        return KEY.jwksJson();
    }
}
