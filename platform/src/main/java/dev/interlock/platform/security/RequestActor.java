package dev.interlock.platform.security;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

@Singleton
final class RequestActor implements CurrentActor {

    @Override
    public Optional<Actor> find() {
        return ServerRequestContext.currentRequest().flatMap(RequestActor::of);
    }

    static Optional<Actor> of(HttpRequest<?> request) {
        return request.getUserPrincipal(Authentication.class)
                .map(who -> new Actor(who.getName(), Set.copyOf(who.getRoles())));
    }
}
