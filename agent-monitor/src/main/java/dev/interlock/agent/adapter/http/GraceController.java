package dev.interlock.agent.adapter.http;

import dev.interlock.agent.app.Coverage;
import dev.interlock.agent.app.Coverage.Position;
import dev.interlock.agent.app.GraceLedger;
import dev.interlock.agent.app.GraceLedger.Entry;
import dev.interlock.agent.app.GraceLedger.Filter;
import dev.interlock.agent.app.LicenseServers;
import dev.interlock.agent.app.Outages;
import dev.interlock.agent.app.WatchOutages;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Grace over many agents, and who is covered by it. */
@Controller("/api/v1")
@Tag(name = "grace")
@MayView
class GraceController {
    /** Where the notices of an ending grace are, and the whole of it. */
    private static final List<Duration> HOURS_LEFT =
            Stream.of(1, 4, 24, 72).map(Duration::ofHours).toList();

    private static final Duration LONGEST_OUTAGE = Duration.ofDays(365);

    private final GraceLedger ledger;
    private final Coverage coverage;
    private final Outages outages;
    private final WatchOutages watch;
    private final LicenseServers servers;
    private final Clock clock;

    GraceController(
            GraceLedger ledger,
            Coverage coverage,
            Outages outages,
            WatchOutages watch,
            LicenseServers servers,
            Clock clock) {
        this.ledger = ledger;
        this.coverage = coverage;
        this.outages = outages;
        this.watch = watch;
        this.servers = servers;
        this.clock = clock;
    }

    @Get("/grace-periods")
    @Operation(
            operationId = "listGracePeriods",
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
            operationId = "showCoverage",
            summary = "Who can work on, and until when, if a license server goes away",
            description =
                    "Agents whose latest validation succeeded are covered for seven days from then; those in grace for what is"
                            + " left of it; those that never had a licensed session, or whose grace is over, are refused (L37, L38)."
                            + " Without from and outageSeconds the server goes away now. With them: from when, for how long; runOut"
                            + " counts who cannot work to the end of it. refused=true lists only these, never licensed ones first, then"
                            + " by the end of their grace.")
    CoverageView coverage(
            @QueryValue UUID licenseServerId,
            @Nullable @QueryValue Instant from,
            @Nullable @QueryValue Long outageSeconds,
            @Nullable @QueryValue Boolean refused,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        var now = clock.instant();
        var begin = from == null ? now : from;
        var window = Duration.ofSeconds(seconds(outageSeconds, from));
        var end = begin.plus(window);
        var summary = coverage.summary(licenseServerId, begin);
        boolean licensedRunOut = window.compareTo(GracePeriod.LENGTH) >= 0;
        int runOut = summary.neverLicensed()
                + coverage.graceEndsBy(licenseServerId, end)
                + (licensedRunOut ? summary.licensed() : 0);
        var page = Boolean.TRUE.equals(refused) && !licensedRunOut
                ? runOut(licenseServerId, end, size, after)
                : all(licenseServerId, size, after);
        var server = servers.find(licenseServerId);
        return new CoverageView(
                licenseServerId,
                server.map(LicenseServers.Known::name).orElse(null),
                server.map(LicenseServers.Known::health).orElse("unknown"),
                server.map(LicenseServers.Known::cause).orElse(null),
                now,
                begin,
                end,
                summary.agents(),
                summary.licensed(),
                summary.inGrace(),
                summary.expired(),
                summary.neverLicensed(),
                summary.refused(),
                runOut,
                allCoveredUntil(summary, begin),
                page.items().stream()
                        .map(agent -> CoveredAgent.of(agent, begin, end))
                        .toList(),
                page.next());
    }

    @Get("/grace-summary")
    @Operation(
            operationId = "showGraceSummary",
            summary = "How many agents stand where, those in grace by how much of it is left",
            description =
                    "For all license servers, or one. Each line counts who has less left than belowHours, but not less than the"
                            + " line before; the last one has the seven days of a whole grace (L33).")
    GraceSummary summary(@Nullable @QueryValue UUID licenseServerId) {
        var now = clock.instant();
        var counts = coverage.remaining(licenseServerId, now, HOURS_LEFT);
        var lines = new ArrayList<RemainingGrace>();
        for (int i = 0; i < counts.inGrace().size(); i++) {
            var below = i < HOURS_LEFT.size() ? HOURS_LEFT.get(i) : GracePeriod.LENGTH;
            lines.add(new RemainingGrace((int) below.toHours(), counts.inGrace().get(i)));
        }
        return new GraceSummary(
                now,
                counts.agents(),
                counts.licensed(),
                lines.stream().mapToInt(RemainingGrace::agents).sum(),
                counts.expired(),
                counts.neverLicensed(),
                lines);
    }

    private Page<Agent> all(UUID server, int size, @Nullable String after) {
        @Nullable Cursor cursor = Cursor.parse(after, 1);
        return Page.of(
                coverage.agents(server, cursor == null ? null : cursor.uuid(0), size + 1),
                size,
                agent -> Cursor.of(agent.id()));
    }

    private Page<Agent> runOut(UUID server, Instant end, int size, @Nullable String after) {
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        @Nullable
        Position position = cursor == null
                ? null
                : new Position(cursor.text(0).isEmpty() ? null : cursor.instant(0), cursor.uuid(1));
        return Page.of(
                coverage.runOut(server, end, position, size + 1),
                size,
                agent -> agent.standing() instanceof Standing.Failing(var period)
                        ? Cursor.of(period.startedAt(), agent.id())
                        : Cursor.of("", agent.id()));
    }

    private static long seconds(@Nullable Long outageSeconds, @Nullable Instant from) {
        if (outageSeconds == null) {
            if (from != null) {
                throw ProblemException.invalid(
                        "from without outageSeconds", "Say for how long the license server goes away.");
            }
            return 0;
        }
        if (outageSeconds < 0 || outageSeconds > LONGEST_OUTAGE.toSeconds()) {
            throw ProblemException.invalid(
                    "outageSeconds is " + outageSeconds, "Give 0 to " + LONGEST_OUTAGE.toSeconds() + " seconds.");
        }
        return outageSeconds;
    }

    private static @Nullable Instant allCoveredUntil(Coverage.Summary summary, Instant begin) {
        if (summary.soonestEnd() != null) {
            return summary.soonestEnd();
        }
        return summary.licensed() > 0 ? begin.plus(GracePeriod.LENGTH) : null;
    }

    @Get("/alerts")
    @Operation(
            operationId = "listAlerts",
            summary = "Incidents that are open: one for each license server whose agents cannot validate",
            description = "Told as AlertRaised, and as AlertCleared when it is over.")
    AlertList alerts() {
        var now = clock.instant();
        var open = new ArrayList<AlertView>();
        for (var entry : outages.all().entrySet()) {
            var outage = entry.getValue();
            if (outage.raisedAt() != null && outage.severity() != null) {
                var agents = outages.agents(entry.getKey(), now);
                open.add(new AlertView(
                        outage.alertId(),
                        WatchOutages.RULE,
                        outage.severity().wireName(),
                        "license-server",
                        entry.getKey().toString(),
                        watch.summary(entry.getKey(), agents),
                        watch.next(entry.getKey(), outage.severity()),
                        "L36",
                        outage.raisedAt(),
                        agents.inGrace(),
                        agents.expired()));
            }
        }
        open.sort(Comparator.comparing(AlertView::raisedAt).thenComparing(AlertView::subjectId));
        return new AlertList(List.copyOf(open), null);
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
     * @param licensed whose latest validation succeeded
     * @param expired whose grace is over: refused
     * @param neverLicensed who have no grace: refused (L38)
     * @param remaining of those in grace
     */
    @Introspected
    record GraceSummary(
            Instant at,
            int agents,
            int licensed,
            int inGrace,
            int expired,
            int neverLicensed,
            List<RemainingGrace> remaining) {}

    @Introspected
    record RemainingGrace(int belowHours, int agents) {}

    @Introspected
    record AlertList(List<AlertView> items, @Nullable String next) {}

    /** @param agentsInGrace now, not when it was raised */
    @Introspected
    record AlertView(
            UUID alertId,
            String rule,
            String severity,
            String subjectKind,
            String subjectId,
            String summary,
            String next,
            String clause,
            Instant raisedAt,
            int agentsInGrace,
            int agentsRefused) {}

    /**
     * @param serverHealth up, down or unknown, as license-service told it last
     * @param from when the server goes away
     * @param until when it is back; {@code from} if nobody said
     * @param refused who cannot work from {@code from} on: expired and never licensed
     * @param runOut who cannot work until {@code until}, with those refused
     * @param coveredUntil the end of the shortest cover among those who are covered; null when nobody is
     */
    @Introspected
    record CoverageView(
            UUID licenseServerId,
            @Nullable String serverName,
            String serverHealth,
            @Nullable String serverCause,
            Instant at,
            Instant from,
            Instant until,
            int agents,
            int licensed,
            int inGrace,
            int expired,
            int neverLicensed,
            int refused,
            int runOut,
            @Nullable Instant coveredUntil,
            List<CoveredAgent> items,
            @Nullable String next) {}

    /**
     * @param coveredUntil null when refused from the beginning
     * @param because why it is refused, or cannot work to the end
     */
    @Introspected
    record CoveredAgent(
            UUID agentId,
            String name,
            String state,
            @Nullable Instant coveredUntil,
            boolean untilTheEnd,
            @Nullable String because) {
        static CoveredAgent of(Agent agent, Instant begin, Instant end) {
            @Nullable Instant until = agent.standing().coveredUntil(begin);
            boolean lasts = until != null && until.isAfter(end);
            @Nullable
            String because = switch (agent.standing()) {
                case Standing.NeverLicensed() -> "it never had a licensed session, so it has no grace";
                case Standing.Licensed(var _) -> lasts ? null : "grace is seven days, the outage is no shorter";
                case Standing.Failing(var _) ->
                    until == null
                            ? "its grace period is over"
                            : lasts ? null : "its grace period ends before the server is back";
            };
            return new CoveredAgent(agent.id(), agent.name(), AgentView.state(agent, begin), until, lasts, because);
        }
    }
}
