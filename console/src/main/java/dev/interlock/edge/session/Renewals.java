package dev.interlock.edge.session;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Renews a session's token shortly before its end. A page asks several things at once, all with the old cookie: they share one
 * renewal, since a provider takes a refresh token only once.
 */
@Singleton
class Renewals {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);

    /** For requests that were sent before the browser had the new cookie. */
    private static final Duration SHARED = Duration.ofMinutes(1);

    private final IdentityProvider provider;
    private final SignIn signIn;
    private final OidcSettings settings;
    private final Clock clock;
    private final ConcurrentHashMap<String, Mono<Session>> running = new ConcurrentHashMap<>();

    Renewals(IdentityProvider provider, SignIn signIn, OidcSettings settings, Clock clock) {
        this.provider = provider;
        this.signIn = signIn;
        this.settings = settings;
        this.clock = clock;
    }

    boolean isDue(Session session) {
        return settings.isConfigured()
                && session.refresh() != null
                && clock.instant().isAfter(session.tokenExpiresAt().minus(settings.renewBefore()));
    }

    /** The session with new tokens; the same one while the provider cannot be reached; empty when the provider ended it. */
    Mono<Session> renew(Session session) {
        var key = session.id() + " " + session.tokenExpiresAt().getEpochSecond();
        return running.computeIfAbsent(key, absent -> start(session, key));
    }

    private Mono<Session> start(Session session, String key) {
        return Mono.fromCallable(() -> provider.renew(String.valueOf(session.refresh())))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(tokens -> signIn.again(session, tokens))
                .doOnError(thrown -> LOG.warn("{} is not renewed: {}", session, thrown.getMessage()))
                .onErrorResume(thrown -> thrown instanceof IdentityProvider.Refused refused && refused.isUnreachable()
                        ? Mono.just(session)
                        : Mono.empty())
                .doFinally(signal -> Mono.delay(SHARED).subscribe(late -> running.remove(key)))
                .cache();
    }
}
