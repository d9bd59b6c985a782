package dev.interlock.license.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a license server answered when it was asked for its health (L84), or why it did not; and what that means (L87–L90). */
public sealed interface HealthReading {
    /** @param connectionCheck {@code database.connectionCheck}; null if the document has none */
    record Answered(
            @Nullable String connectionCheck, @Nullable String version) implements HealthReading {}

    record NotAHealthDocument(int status) implements HealthReading {}

    record Refused(int port) implements HealthReading {}

    record Unreachable() implements HealthReading {}

    record NameUnknown(String host) implements HealthReading {}

    record NotHttps() implements HealthReading {}

    record TooSlow(Duration after) implements HealthReading {}

    /** The connection broke in some other way. */
    record Broken(String how) implements HealthReading {}

    /**
     * @param cause null when it is up
     * @param next what a person looks at first; null when it is up
     */
    record Health(
            boolean up,
            @Nullable String cause,
            @Nullable String next,
            @Nullable String version) {
        public String word() {
            return up ? "up" : "down";
        }
    }

    default Health health() {
        return switch (this) {
            case Answered(var check, var version) ->
                "success".equals(check)
                        ? new Health(true, null, null, version)
                        : new Health(
                                false,
                                "its database connection check says " + (check == null ? "nothing" : "'" + check + "'")
                                        + ", not 'success'",
                                "Look at the server's log, then restart its service.",
                                version);
            case NotAHealthDocument(var status) ->
                down(
                        "what answers there (HTTP " + status + ") is no health document of a license server",
                        "Check the base URL and what listens on its port.");
            case Refused(var port) ->
                down(
                        "connection refused at port " + port,
                        "See whether the service is active (systemctl is-active flexnetls-TERADICI), then whether the"
                                + " port is open and the right one. After a start it takes up to a minute.");
            case Unreachable() ->
                down("unreachable", "Check the firewall between here and the license server, and its routes.");
            case NameUnknown(var host) ->
                down("the name " + host + " cannot be resolved", "Check the base URL and DNS.");
            case NotHttps() ->
                down(
                        "it has not been configured for HTTPS",
                        "Its certificate bundle is missing or wrong: update or reinstall it; or use http and its HTTP port.");
            case TooSlow(var after) ->
                down(
                        "no answer within " + after.toMillis() + " ms",
                        "If nothing answers at all, check the firewall; else look at the load of the machine.");
            case Broken(var how) -> down("the connection broke: " + how, "Look at the server's log.");
        };
    }

    private static Health down(String cause, String next) {
        return new Health(false, cause, next, null);
    }
}
