package dev.interlock.platform.audit;

import dev.interlock.platform.security.Actor;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.AnnotationMetadataProvider;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers who may not do something, and records it if it was a command: somebody known wanted what he has no role for. */
@Singleton
@Requires(beans = ErrorResponseProcessor.class)
@Replaces(DefaultAuthorizationExceptionHandler.class)
class DeniedCommands implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {

    private static final Logger LOG = LoggerFactory.getLogger(DeniedCommands.class);

    private final ErrorResponseProcessor<?> responses;
    private final Optional<JdbcAuditLog> log;

    DeniedCommands(ErrorResponseProcessor<?> responses, Optional<JdbcAuditLog> log) {
        this.responses = responses;
        this.log = log;
    }

    @Override
    @SuppressWarnings("rawtypes") // the interface's own
    public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException denied) {
        if (denied.isForbidden()) {
            record(request, denied.getAuthentication());
        }
        return responses.processResponse(
                ErrorContext.builder(request).cause(denied).build(),
                HttpResponse.status(
                        denied.isForbidden() ? 403 : 401, denied.isForbidden() ? "Forbidden" : "Unauthorized"));
    }

    private void record(HttpRequest<?> request, @Nullable Authentication who) {
        var action = RouteAttributes.getRouteMatch(request)
                .map(AnnotationMetadataProvider::getAnnotationMetadata)
                .flatMap(route -> route.stringValue(Audited.class));
        if (who == null || action.isEmpty() || log.isEmpty()) {
            return;
        }
        var actor = new Actor(who.getName(), Set.copyOf(who.getRoles()));
        var entry = new AuditEntry(
                actor.name(),
                actor.roles(),
                action.get(),
                request.getPath(),
                AuditEntry.Outcome.DENIED,
                Map.of("status", "403"));
        try {
            log.get().appendForSure(entry);
        } catch (RuntimeException unwritten) {
            LOG.error("cannot record that {} was denied to {}", action.get(), actor.name(), unwritten);
        }
    }
}
