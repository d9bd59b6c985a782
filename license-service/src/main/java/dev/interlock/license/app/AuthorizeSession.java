package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.SessionAuthorized;
import dev.interlock.contracts.LicenseEvent.SessionDenied;
import dev.interlock.license.app.Sessions.Charged;
import dev.interlock.license.domain.Authorization;
import dev.interlock.license.domain.Denial;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.Session;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.data.exceptions.DataAccessException;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives a session one licence of its server, until none is left (L11). A refusal is a fact too and is told. */
@Singleton
public class AuthorizeSession {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Sessions sessions;
    private final LicenseServers servers;
    private final Denials denials;
    private final TellLevel levels;
    private final Outbox outbox;
    private final SessionCounters counters;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    AuthorizeSession(
            Sessions sessions,
            LicenseServers servers,
            Denials denials,
            TellLevel levels,
            Outbox outbox,
            SessionCounters counters,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.sessions = sessions;
        this.servers = servers;
        this.denials = denials;
        this.levels = levels;
        this.outbox = outbox;
        this.counters = counters;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * @param id the caller's name for the session: asked twice with it, one licence is consumed and the first answer repeated.
     *     A refusal is not remembered; the next request with its id may succeed. Null when the caller has none.
     */
    public Authorization handle(ServerId server, UUID agentId, String user, @Nullable UUID id) {
        return counters.count(inTransaction(server, agentId, user, id));
    }

    private Authorization inTransaction(ServerId server, UUID agentId, String user, @Nullable UUID id) {
        try {
            return transactions.executeWrite(status -> authorize(server, agentId, user, id));
        } catch (DataAccessException e) {
            if (id != null && isUniqueViolation(e)) {
                // Its twin was faster; what it wrote is there now.
                return transactions.executeWrite(status -> authorize(server, agentId, user, id));
            }
            throw e;
        }
    }

    private Authorization authorize(ServerId server, UUID agentId, String user, @Nullable UUID id) {
        if (id == null) {
            return claim(UUID.randomUUID(), server, agentId, user).orElseGet(() -> denied(server, agentId, user));
        }
        // The second look is for a twin that took the last licence while this request waited for it.
        return before(id, server, agentId, user)
                .or(() -> claim(id, server, agentId, user))
                .or(() -> before(id, server, agentId, user))
                .orElseGet(() -> denied(server, agentId, user));
    }

    private Optional<Authorization> before(UUID id, ServerId server, UUID agentId, String user) {
        return sessions.find(id)
                .map(session -> session.isFor(server, agentId, user)
                        ? new Authorization.AuthorizedBefore(session)
                        : new Authorization.SessionIdTaken());
    }

    private Optional<Authorization> claim(UUID id, ServerId server, UUID agentId, String user) {
        var now = clock.instant();
        return sessions.claim(id, server, agentId, user, now)
                .map(charged -> authorized(id, server, agentId, user, now, charged));
    }

    private Authorization authorized(
            UUID id, ServerId server, UUID agentId, String user, Instant now, Charged charged) {
        var allotment = charged.allotment();
        outbox.add(new SessionAuthorized(
                id,
                server.value(),
                agentId,
                user,
                charged.code().value(),
                charged.feature(),
                allotment.inUse(),
                allotment.total(),
                now));
        levels.tell(charged.code(), charged.feature(), server, allotment, charged.toldLevel());
        return new Authorization.Authorized(new Session(id, server, charged.code(), agentId, user, now, null));
    }

    private Authorization denied(ServerId server, UUID agentId, String user) {
        var now = clock.instant();
        var found = servers.find(server).orElse(null);
        if (found == null) {
            return new Authorization.ServerUnknown();
        }
        if (found.kind() != Kind.NATIVE || found.isRetired()) {
            return new Authorization.NotCountedHere(found.name());
        }
        var counts = sessions.counts(server, now);
        var reason = Denial.of(counts);
        outbox.add(new SessionDenied(
                server.value(), agentId, user, reason.wireName(), counts.inUse(), counts.active(), now));
        // last, so that the row is held for the commit only
        denials.count(server, reason, now);
        return new Authorization.Denied(reason, counts);
    }

    private static boolean isUniqueViolation(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
