package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.client.Pages;
import dev.interlock.client.agent.Agent;
import dev.interlock.client.agent.AgentsApi;
import dev.interlock.client.agent.Alert;
import dev.interlock.client.agent.Coverage;
import dev.interlock.client.agent.CoveredAgent;
import dev.interlock.client.agent.GraceApi;
import dev.interlock.client.agent.GracePeriod;
import dev.interlock.client.agent.GracePeriodPage;
import dev.interlock.client.agent.LogReport;
import dev.interlock.client.agent.NewAgent;
import dev.interlock.client.agent.NewValidation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "agents", description = "Agents, as seen by their license validations.")
final class Agents {

    private final Desk desk;

    Agents(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists agents.")
    int list(@Mixin Limit limit) {
        return desk.list(
                desk.allAgents(),
                limit,
                column("NAME", Agent::name),
                column("VERSION", Agent::version),
                column("STATE", Agent::state),
                column("LICENSED", Agent::lastLicensedAt),
                column("GRACE ENDS", Agent::graceEndsAt),
                column("LICENSE SERVER", Agent::licenseServerId),
                column("ID", Agent::agentId));
    }

    @Command(description = "Shows an agent and its grace periods.")
    int show(@Parameters(paramLabel = "AGENT", description = "Name or id.") String agent) {
        String id = desk.agent(agent);
        ObjectNode found = desk.agents().showAgent(id).value().json();
        found.set("gracePeriods", desk.agents().listAgentGracePeriods(id).json().path("items"));
        return desk.show(found);
    }

    @Command(description = "Registers an agent.")
    int register(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--license-server", required = true, description = "Name or id.") String server,
            @Option(names = "--agent-version", description = "The agent's software version.") @Nullable
                    String version) {
        var agent = new NewAgent()
                .withName(name)
                .withLicenseServerId(desk.licenseServer(server))
                .withVersion(version);
        var created = desk.agents().registerAgent(agent);
        return desk.done("Registered " + name + " (" + created.value().agentId() + ").", created.json());
    }

    @Command(description = "Reports what a validation on the agent said: --succeeded, or --failed with the reason.")
    int validate(
            @Parameters(paramLabel = "AGENT", description = "Name or id.") String agent,
            @Option(names = "--succeeded") boolean succeeded,
            @Option(names = "--failed", paramLabel = "REASON") @Nullable String failed,
            @Option(names = "--at", paramLabel = "TIME", description = "When; default now.") @Nullable Instant at,
            @Option(names = "--validation-id", description = "Names the report: sent twice, it counts once.") @Nullable
                    String validationId) {
        if (succeeded == (failed != null)) {
            throw Failure.usage("Either --succeeded or --failed REASON.");
        }
        var validation = new NewValidation()
                .withValidationId(validationId == null ? UUID.randomUUID().toString() : validationId)
                .withAt(at == null ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : at)
                .withOutcome(succeeded ? NewValidation.OutcomeWords.SUCCEEDED : NewValidation.OutcomeWords.FAILED)
                .withReason(failed);
        return desk.done(
                "Reported for " + agent + ".",
                desk.agents().reportValidation(desk.agent(agent), validation).json());
    }

    @Command(
            name = "read-log",
            description = "Reads what an agent wrote of its license: agent.log, or the output of pcoip-validate-license"
                    + " --verbose with --exit-code. Read again, or in parts that overlap, each line counts once.")
    int readLog(
            @Parameters(paramLabel = "AGENT", description = "Name or id.") String agent,
            @Parameters(paramLabel = "FILE", description = "A file, or - for standard input.") String file,
            @Option(names = "--exit-code", description = "The file is the command's output; it exited so.") @Nullable
                    Integer exitCode,
            @Option(names = "--at", paramLabel = "TIME", description = "When the command was run.") @Nullable
                    Instant at)
            throws IOException {
        if ((exitCode == null) != (at == null)) {
            throw Failure.usage("--exit-code and --at belong together: a log's lines have their times.");
        }
        String text;
        if (file.equals("-")) {
            text = new String(desk.terminal().in().readAllBytes(), StandardCharsets.UTF_8);
        } else {
            Path path = desk.terminal().directory().resolve(file);
            if (!Files.isReadable(path)) {
                throw Failure.usage("Cannot read " + path + ".");
            }
            text = Files.readString(path);
        }
        var answer = desk.agents()
                .readAgentLog(
                        desk.agent(agent),
                        text,
                        new AgentsApi.ReadAgentLog().exitCode(exitCode).at(at));
        LogReport report = answer.value();
        return desk.done(
                report.recorded() + " new validations of " + agent + ", " + report.recordedBefore()
                        + " known before; it is " + report.agent().state() + ".",
                answer.json());
    }

    /** {@code interlock grace}. */
    @Command(name = "grace", description = "Grace periods: 7 days from the first failed validation.")
    static final class Grace {
        private final Desk desk;

        Grace(Desk desk) {
            this.desk = desk;
        }

        @Command(description = "Lists grace periods.")
        int list(
                @Option(names = "--state", description = "open, ended or expired") @Nullable String state,
                @Mixin Limit limit) {
            var wanted = new GraceApi.ListGracePeriods().state(state);
            return desk.list(
                    Pages.of(
                            (size, after) -> desk.grace()
                                    .listGracePeriods(wanted.limit(size).after(after)),
                            GracePeriodPage::items,
                            GracePeriodPage::next),
                    limit,
                    column("AGENT", GracePeriod::agentName),
                    column("STATE", GracePeriod::state),
                    column("STARTED", GracePeriod::startedAt),
                    column("ENDS", GracePeriod::endsAt),
                    column("FIRST FAILURE", GracePeriod::firstFailure),
                    column("LICENSE SERVER", GracePeriod::licenseServerId));
        }

        @Command(
                description = "Who can work on, and until when, if a license server goes away: now, or with --from and"
                        + " --outage as planned.")
        int coverage(
                @Parameters(paramLabel = "LICENSE-SERVER", description = "Name or id.") String server,
                @Option(names = "--from", paramLabel = "TIME", description = "When it goes away; default now.")
                        @Nullable
                        Instant from,
                @Option(names = "--outage", paramLabel = "SECONDS", description = "For how long; default 0.") @Nullable
                        Long outage,
                @Option(names = "--refused", description = "Only agents that cannot work to its end.") boolean refused,
                @Mixin Limit limit) {
            if (from != null && outage == null) {
                throw Failure.usage("For how long? Say --outage SECONDS.");
            }
            var wanted =
                    new GraceApi.ShowCoverage().from(from).outageSeconds(outage).refused(refused ? true : null);
            String id = desk.licenseServer(server);
            var first = new AtomicReference<>(new Coverage());
            var agents = new ArrayList<CoveredAgent>();
            boolean more = Pages.of(
                            (size, after) -> {
                                var page = desk.grace()
                                        .showCoverage(id, wanted.limit(size).after(after));
                                if (after == null) {
                                    Coverage now = page.value();
                                    first.set(now);
                                    // all pages are of the same outage
                                    wanted.from(now.from())
                                            .outageSeconds(Duration.between(now.from(), now.until())
                                                    .toSeconds());
                                }
                                return page;
                            },
                            Coverage::items,
                            Coverage::next)
                    .read(limit.count(), agents::add);
            desk.show(first.get().withItems(agents).withNext(null).json());
            desk.output().more(more);
            return 0;
        }

        @Command(description = "Lists open incidents: license servers whose agents cannot validate.")
        int alerts() {
            desk.output()
                    .list(
                            desk.grace().listAlerts().value().items(),
                            false,
                            column("SEVERITY", Alert::severity),
                            column("IN GRACE", Alert::agentsInGrace),
                            column("REFUSED", Alert::agentsRefused),
                            column("RAISED", Alert::raisedAt),
                            column("SUMMARY", Alert::summary),
                            column("NEXT", Alert::next));
            return 0;
        }
    }
}
