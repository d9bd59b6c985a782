package dev.interlock.license.app;

import static java.util.stream.Collectors.toMap;

import dev.interlock.license.domain.Authorization;
import dev.interlock.license.domain.Denial;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** How requests for sessions end. Every outcome is there from the start: a rate needs a zero to rise from. */
@Context
class SessionCounters {
    private final Counter authorized;
    private final Map<Denial, Counter> denied;

    SessionCounters(MeterRegistry meters) {
        this.authorized = counter(meters, "authorized");
        this.denied = Arrays.stream(Denial.values())
                .collect(toMap(Function.identity(), reason -> counter(meters, reason.wireName())));
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("interlock.license.session.requests")
                .description("Requests for a session that this instance answered")
                .tag("outcome", outcome)
                .register(meters);
    }

    Authorization count(Authorization answer) {
        switch (answer) {
            case Authorization.Authorized a -> authorized.increment();
            case Authorization.Denied d -> {
                var counter = denied.get(d.reason());
                if (counter != null) {
                    counter.increment();
                }
            }
            case Authorization.AuthorizedBefore repeated -> {}
            case Authorization.SessionIdTaken wrong -> {}
            case Authorization.ServerUnknown wrong -> {}
            case Authorization.NotCountedHere wrong -> {}
        }
        return answer;
    }
}
