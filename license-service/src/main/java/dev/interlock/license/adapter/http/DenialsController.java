package dev.interlock.license.adapter.http;

import dev.interlock.license.app.Denials;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions that were refused, over time. */
@Controller("/api/v1/denials")
@Tag(name = "sessions")
class DenialsController {
    /** As long as ended sessions are kept by default. */
    private static final int MOST_HOURS = 30 * 24;

    private final Denials denials;
    private final Clock clock;

    DenialsController(Denials denials, Clock clock) {
        this.denials = denials;
        this.clock = clock;
    }

    @Get
    @MayView
    @Operation(
            operationId = "listDenials",
            summary = "How many sessions were refused, by the hour and the reason",
            description =
                    "For charts. Hours without a refusal are left out. Each refusal itself is an event, SessionDenied.")
    DenialHours list(@Nullable @QueryValue Integer hours, @Nullable @QueryValue UUID licenseServerId) {
        int back = hours == null ? 24 : hours;
        if (back < 1 || back > MOST_HOURS) {
            throw ProblemException.invalid("hours is " + back, "Ask for 1 to " + MOST_HOURS + " hours.");
        }
        var now = clock.instant();
        var from = now.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(back - 1L));
        var found = denials.since(from, licenseServerId == null ? null : new ServerId(licenseServerId));
        return new DenialHours(
                from,
                now,
                found.stream().mapToLong(Denials.Hour::count).sum(),
                found.stream()
                        .map(each -> new DenialHour(each.hour(), each.server().value(), each.reason(), each.count()))
                        .toList());
    }

    /**
     * @param from the beginning of the first hour
     * @param total refusals in all these hours
     */
    @Introspected
    record DenialHours(Instant from, Instant until, long total, List<DenialHour> items) {}

    /** @param reason {@code no-license}, {@code expired} or {@code nothing-activated} */
    @Introspected
    record DenialHour(Instant hour, UUID licenseServerId, String reason, long count) {}
}
