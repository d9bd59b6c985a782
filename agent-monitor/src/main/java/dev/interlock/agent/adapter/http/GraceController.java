package dev.interlock.agent.adapter.http;

import dev.interlock.agent.app.Coverage;
import dev.interlock.agent.app.GraceLedger;
import dev.interlock.agent.app.GraceLedger.Entry;
import dev.interlock.agent.app.GraceLedger.Filter;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.GracePeriod.State;
import dev.interlock.agent.domain.Standing;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Grace over many agents, and who is covered by it. */
@Controller("/api/v1")
@Tag(name = "grace")
@MayView
class GraceController {
    private final GraceLedger ledger;
    private final Coverage coverage;
    private final Clock clock;

    GraceController(GraceLedger ledger, Coverage coverage, Clock clock) {
        this.ledger = ledger;
        this.coverage = coverage;
        this.clock = clock;
    }

    @Get("/grace-periods")
    @Operation(
            summary = "Grace periods as they were told, by their end",
            description = "state is open, ended or expired; without it, all.")
    Page<GracePeriodView> list(
            @Nullable @QueryValue String state,
            @Nullable @QueryValue UUID agentId,
            @Nullable @QueryValue UUID licenseServerId,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        var from = cursor == null ? null : new GraceLedger.Position(cursor.instant(0), cursor.uuid(1));
        var filter = new Filter(state(state), agentId, licenseServerId);
        return Page.of(ledger.page(filter, from, size + 1), size, entry -> Cursor.of(entry.endsAt(), entry.id()))
                .map(GracePeriodView::of);
    }

    @Get("/coverage")
    @Operation(
            summary = "Who could work on, and until when, if a license server went away now",
            description =
                    "Agents whose latest validation succeeded are covered for seven days from now; those in grace for"
                            + " what is left of it; those that never had a licensed session, or whose grace is over, are refused."
                            + " refused=true lists only these.")
    CoverageView coverage(
            @QueryValue UUID licenseServerId,
            @Nullable @QueryValue Boolean refused,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 1);
        var now = clock.instant();
        var summary = coverage.summary(licenseServerId, now);
        var page = Page.of(
                        coverage.agents(
                                licenseServerId,
                                Boolean.TRUE.equals(refused),
                                now,
                                cursor == null ? null : cursor.uuid(0),
                                size + 1),
                        size,
                        agent -> Cursor.of(agent.id()))
                .map(agent -> Covered.of(agent, now));
        return new CoverageView(
                licenseServerId,
                now,
                summary.agents(),
                summary.licensed(),
                summary.inGrace(),
                summary.expired(),
                summary.neverLicensed(),
                summary.refused(),
                allCoveredUntil(summary, now),
                page.items(),
                page.next());
    }

    private static @Nullable Instant allCoveredUntil(Coverage.Summary summary, Instant now) {
        if (summary.soonestEnd() != null) {
            return summary.soonestEnd();
        }
        return summary.licensed() > 0 ? now.plus(GracePeriod.LENGTH) : null;
    }

    private static @Nullable State state(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(State.values())
                .filter(state -> state.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        "state is " + name, "Ask for open, ended or expired, or leave it out."));
    }

    /** @param endedAt the success in time, null while open or when expired */
    @Introspected
    record GracePeriodView(
            UUID gracePeriodId,
            UUID agentId,
            String agentName,
            UUID licenseServerId,
            Instant startedAt,
            Instant endsAt,
            @Nullable Instant endedAt,
            String state,
            String firstFailure) {
        static GracePeriodView of(Entry entry) {
            return new GracePeriodView(
                    entry.id(),
                    entry.agentId(),
                    entry.agentName(),
                    entry.licenseServerId(),
                    entry.startedAt(),
                    entry.endsAt(),
                    entry.endedAt(),
                    entry.state().wireName(),
                    entry.firstFailure());
        }
    }

    /**
     * @param refused who could not work: expired and never licensed
     * @param coveredUntil the end of the shortest cover among those who are covered; null when nobody is
     */
    @Introspected
    record CoverageView(
            UUID licenseServerId,
            Instant at,
            int agents,
            int licensed,
            int inGrace,
            int expired,
            int neverLicensed,
            int refused,
            @Nullable Instant coveredUntil,
            List<Covered> items,
            @Nullable String next) {}

    /** @param coveredUntil null when refused, {@code because} then says why */
    @Introspected
    record Covered(
            UUID agentId,
            String name,
            String state,
            @Nullable Instant coveredUntil,
            @Nullable String because) {
        static Covered of(Agent agent, Instant now) {
            @Nullable Instant until = agent.standing().coveredUntil(now);
            var state = AgentView.of(agent, now).state();
            @Nullable
            String because = switch (agent.standing()) {
                case Standing.NeverLicensed() -> "it never had a licensed session, so it has no grace";
                case Standing.Licensed(var _) -> null;
                case Standing.Failing(var _) -> until == null ? "its grace period is over" : null;
            };
            return new Covered(agent.id(), agent.name(), state, until, because);
        }
    }
}
