package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Level;
import dev.interlock.license.domain.LicenseCounts;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions, and the licences they hold. */
public interface Sessions {
    /** The pool that a session was charged to, with its counts on the server afterwards. */
    record Charged(ActivationCode code, String feature, Allotment allotment, Level toldLevel) {}

    /** A session that has just ended. */
    record Released(Session session, String feature, Allotment allotment) {}

    /** Which sessions a list shows; null means any. */
    record Filter(@Nullable ServerId server, @Nullable UUID agentId) {}

    /** Where a page of live sessions starts. */
    record Position(Instant authorizedAt, UUID id) {}

    /**
     * Takes one free licence of the server for a new session.
     *
     * @return empty when there is none
     */
    Optional<Charged> claim(UUID id, ServerId server, UUID agentId, String user, Instant now);

    Optional<Session> find(UUID id);

    /** Ends a live session and frees its licence. A level that was told is forgotten when there is ample again. */
    Optional<Released> release(UUID id, Instant now, int lowPercent);

    void setToldLevel(ActivationCode code, ServerId server, Level level);

    LicenseCounts counts(ServerId server, Instant now);

    /** Live sessions, oldest first. */
    List<Session> live(Filter filter, @Nullable Position after, int limit);

    /** Live sessions that began before {@code before}, oldest first. */
    List<UUID> liveSince(Instant before, int limit);

    /** Forgets sessions that ended before {@code before}. */
    int forget(Instant before, int limit);
}
