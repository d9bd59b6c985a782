package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
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
                Service.AGENT,
                "/agents",
                new Api.Query(),
                limit,
                column("NAME", "/name"),
                column("VERSION", "/version"),
                column("STATE", "/state"),
                column("LICENSED", "/lastLicensedAt"),
                column("GRACE ENDS", "/graceEndsAt"),
                column("LICENSE SERVER", "/licenseServerId"),
                column("ID", "/agentId"));
    }

    @Command(description = "Shows an agent and its grace periods.")
    int show(@Parameters(paramLabel = "AGENT", description = "Name or id.") String agent) {
        String id = desk.agent(agent);
        Api api = desk.api(Service.AGENT);
        JsonNode found = api.get("/agents/" + id);
        if (found instanceof ObjectNode object && !object.has("gracePeriods")) {
            JsonNode grace = api.get("/agents/" + id + "/grace-periods");
            object.set("gracePeriods", grace.isArray() ? grace : grace.path("items"));
        }
        return desk.show(found);
    }

    @Command(description = "Registers an agent.")
    int register(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--license-server", required = true, description = "Name or id.") String server,
            @Option(names = "--agent-version", description = "The agent's software version.") @Nullable
                    String version) {
        ObjectNode body = Desk.body().put("name", name).put("licenseServerId", desk.licenseServer(server));
        if (version != null) {
            body.put("version", version);
        }
        JsonNode created = desk.api(Service.AGENT).create("/agents", body);
        return desk.done("Registered " + name + " (" + Desk.id(created) + ").", created);
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
        ObjectNode body = Desk.body();
        body.put("validationId", validationId == null ? UUID.randomUUID().toString() : validationId);
        body.put("at", (at == null ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : at).toString());
        body.put("outcome", succeeded ? "succeeded" : "failed");
        if (failed != null) {
            body.put("reason", failed);
        }
        return desk.done(
                "Reported for " + agent + ".",
                desk.api(Service.AGENT).post("/agents/" + desk.agent(agent) + "/validations", body));
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
        JsonNode report = desk.api(Service.AGENT)
                .postText(
                        "/agents/" + desk.agent(agent) + "/log",
                        new Api.Query().with("exitCode", exitCode).with("at", at),
                        text);
        return desk.done(
                report.path("recorded").asInt() + " new validations of " + agent + ", "
                        + report.path("recordedBefore").asInt() + " known before; it is "
                        + report.path("agent").path("state").asText() + ".",
                report);
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
            return desk.list(
                    Service.AGENT,
                    "/grace-periods",
                    new Api.Query().with("state", state),
                    limit,
                    column("AGENT", "/agentName|/agent/name|/agentId"),
                    column("STATE", "/state"),
                    column("STARTED", "/startedAt"),
                    column("ENDS", "/endsAt"),
                    column("FIRST FAILURE", "/firstFailure|/reason"),
                    column("LICENSE SERVER", "/licenseServerId"));
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
                @Option(names = "--refused", description = "Only agents that cannot work to its end.")
                        boolean refused) {
            if (from != null && outage == null) {
                throw Failure.usage("For how long? Say --outage SECONDS.");
            }
            return desk.show(desk.api(Service.AGENT)
                    .get(
                            "/coverage",
                            new Api.Query()
                                    .with("licenseServerId", desk.licenseServer(server))
                                    .with("from", from)
                                    .with("outageSeconds", outage)
                                    .with("refused", refused ? true : null)));
        }

        @Command(description = "Lists open incidents: license servers whose agents cannot validate.")
        int alerts() {
            return desk.list(
                    Service.AGENT,
                    "/alerts",
                    new Api.Query(),
                    new Limit(),
                    column("SEVERITY", "/severity"),
                    column("IN GRACE", "/agentsInGrace"),
                    column("REFUSED", "/agentsRefused"),
                    column("RAISED", "/raisedAt"),
                    column("SUMMARY", "/summary"),
                    column("NEXT", "/next"));
        }
    }
}
