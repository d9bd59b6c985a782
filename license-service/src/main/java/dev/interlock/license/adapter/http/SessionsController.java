package dev.interlock.license.adapter.http;

import dev.interlock.license.app.AuthorizeSession;
import dev.interlock.license.app.ReleaseSession;
import dev.interlock.license.app.Sessions;
import dev.interlock.license.domain.Authorization.Authorized;
import dev.interlock.license.domain.Authorization.AuthorizedBefore;
import dev.interlock.license.domain.Authorization.Denied;
import dev.interlock.license.domain.Authorization.NotCountedHere;
import dev.interlock.license.domain.Authorization.ServerUnknown;
import dev.interlock.license.domain.Authorization.SessionIdTaken;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.Session;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayReport;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sessions. They are asked for by machines, many a second, so they are not lines of the audit log: the table and the topic of
 * sessions are their record.
 */
@Controller("/api/v1")
@Tag(name = "sessions")
class SessionsController {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final AuthorizeSession authorize;
    private final ReleaseSession release;
    private final Sessions sessions;
    private final CurrentActor actor;

    SessionsController(AuthorizeSession authorize, ReleaseSession release, Sessions sessions, CurrentActor actor) {
        this.authorize = authorize;
        this.release = release;
        this.sessions = sessions;
        this.actor = actor;
    }

    @Post("/license-servers/{id}/sessions")
    @MayReport
    @Operation(
            operationId = "authorizeSession",
            summary = "Ask for a session",
            description =
                    "Consumes one licence of the server, of the purchase that expires first. With a sessionId or an"
                            + " Idempotency-Key the request can be sent again: one licence is consumed and the first answer repeated,"
                            + " for as long as the session is remembered. 409 no-license when none is left.")
    @ApiResponse(
            responseCode = "201",
            description = "Authorized",
            content = @Content(schema = @Schema(implementation = SessionView.class)))
    HttpResponse<SessionView> authorize(
            @PathVariable UUID id,
            @Body @Valid NewSession body,
            @Nullable @Header(Idempotency.HEADER) String idempotencyKey) {
        @Nullable UUID sessionId = body.sessionId() != null ? body.sessionId() : named(idempotencyKey);
        var outcome =
                authorize.handle(new ServerId(id), body.agentId(), body.user().strip(), sessionId);
        return switch (outcome) {
            case Authorized(var session) -> created(session);
            case AuthorizedBefore(var session) -> created(session).header("Idempotency-Replayed", "true");
            case Denied denied -> throw LicenseProblems.denied(denied);
            case SessionIdTaken() -> throw LicenseProblems.sessionIdTaken(Objects.requireNonNull(sessionId));
            case ServerUnknown() -> throw LicenseProblems.noServer(id);
            case NotCountedHere(var name) -> throw LicenseProblems.notCountedHere(name);
        };
    }

    @Get("/sessions")
    @MayView
    @Operation(operationId = "listSessions", summary = "List live sessions, oldest first")
    Page<SessionView> list(
            @Nullable @QueryValue UUID licenseServerId,
            @Nullable @QueryValue UUID agentId,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        var filter = new Sessions.Filter(licenseServerId == null ? null : new ServerId(licenseServerId), agentId);
        Sessions.@Nullable Position from =
                cursor == null ? null : new Sessions.Position(cursor.instant(0), cursor.uuid(1));
        return Page.of(
                        sessions.live(filter, from, size + 1),
                        size,
                        session -> Cursor.of(session.authorizedAt(), session.id()))
                .map(SessionView::of);
    }

    @Get("/sessions/{id}")
    @MayView
    @Operation(operationId = "showSession", summary = "Show a session, also one that has ended")
    SessionView show(@PathVariable UUID id) {
        return sessions.find(id).map(SessionView::of).orElseThrow(() -> ProblemException.notFound("session", id));
    }

    @Delete("/sessions/{id}")
    @MayReport
    @Operation(
            operationId = "releaseSession",
            summary = "End a session; its licence is free again. Sent twice it does nothing more")
    @ApiResponse(responseCode = "204", description = "Ended, now or before")
    HttpResponse<?> release(@PathVariable UUID id) {
        return switch (release.handle(id)) {
            case RELEASED, RELEASED_BEFORE -> HttpResponse.noContent();
            case UNKNOWN -> throw ProblemException.notFound("session", id);
        };
    }

    private static MutableHttpResponse<SessionView> created(Session session) {
        return HttpResponse.created(SessionView.of(session), URI.create("/api/v1/sessions/" + session.id()));
    }

    /** A key names a session within the caller's own keys; so no table of answers is needed. */
    private @Nullable UUID named(@Nullable String idempotencyKey) {
        if (idempotencyKey == null) {
            return null;
        }
        if (!KEY.matcher(idempotencyKey).matches()) {
            throw ProblemException.invalid(
                    "the Idempotency-Key is not 1 to 255 visible ASCII characters",
                    "Send a UUID, or leave the header out.");
        }
        return UUID.nameUUIDFromBytes((actor.get().name() + '\n' + idempotencyKey).getBytes(StandardCharsets.UTF_8));
    }

    /** @param sessionId the caller's own name for the session, which makes the request safe to send twice */
    @Introspected
    record NewSession(
            @NotNull UUID agentId,
            @NotBlank @Size(max = 200) String user,
            @Nullable UUID sessionId) {}

    /** @param releasedAt null while it holds its licence */
    @Introspected
    record SessionView(
            UUID sessionId,
            UUID licenseServerId,
            String activationCode,
            UUID agentId,
            String user,
            Instant authorizedAt,
            @Nullable Instant releasedAt) {
        static SessionView of(Session session) {
            return new SessionView(
                    session.id(),
                    session.server().value(),
                    session.pool().value(),
                    session.agentId(),
                    session.user(),
                    session.authorizedAt(),
                    session.releasedAt());
        }
    }
}
