package dev.interlock.license.domain;

/** What became of a request for a session. */
public sealed interface Authorization {
    record Authorized(Session session) implements Authorization {}

    /** The same request came before; nothing new was consumed. */
    record AuthorizedBefore(Session session) implements Authorization {}

    record Denied(Denial reason, LicenseCounts counts) implements Authorization {}

    /** The id belongs to a session of another server, agent or user. */
    record SessionIdTaken() implements Authorization {}

    record ServerUnknown() implements Authorization {}

    /** The server counts for itself, or is out of service: agents ask it, not us. */
    record NotCountedHere(String name) implements Authorization {}
}
