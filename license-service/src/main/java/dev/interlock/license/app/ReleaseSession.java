package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.SessionReleased;
import dev.interlock.license.app.Sessions.Released;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;

/** Ends a session; its licence is free again. */
@Singleton
public class ReleaseSession {
    private final Sessions sessions;
    private final Outbox outbox;
    private final LicenseSettings settings;
    private final Clock clock;

    ReleaseSession(Sessions sessions, Outbox outbox, LicenseSettings settings, Clock clock) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    @Transactional
    public Release handle(UUID id) {
        var released = sessions.release(id, clock.instant(), settings.lowPercent());
        if (released.isPresent()) {
            outbox.add(sessionReleased(released.get()));
            return Release.RELEASED;
        }
        return sessions.find(id).isPresent() ? Release.RELEASED_BEFORE : Release.UNKNOWN;
    }

    private static SessionReleased sessionReleased(Released released) {
        var session = released.session();
        return new SessionReleased(
                session.id(),
                session.server().value(),
                session.agentId(),
                session.user(),
                session.pool().value(),
                released.feature(),
                released.allotment().inUse(),
                released.allotment().total(),
                Objects.requireNonNull(session.releasedAt()));
    }

    /** What became of it. */
    public enum Release {
        RELEASED,
        RELEASED_BEFORE,
        UNKNOWN
    }
}
