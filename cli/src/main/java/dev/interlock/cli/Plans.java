package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.Terminal.Colour;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "plans", description = "Upgrade plans: made by one person, approved by another.")
final class Plans {

    private final Desk desk;

    Plans(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists plans.")
    int list(@Mixin Limit limit) {
        return desk.list(
                Service.UPGRADE,
                "/plans",
                new Api.Query(),
                limit,
                column("PLAN", "/planId|/id"),
                column("DEPLOYMENT", "/deployment|/deploymentName|/deploymentId"),
                column("FROM", "/fromVersion|/from"),
                column("TO", "/targetVersion|/toVersion|/target"),
                column("STATUS", "/status"),
                column("BY", "/plannedBy|/createdBy"),
                column("AT", "/plannedAt|/createdAt"));
    }

    @Command(
            description =
                    "Shows a plan: every step, on which host, with its clause, and the hash an approval binds to.")
    int show(@Parameters(paramLabel = "PLAN") String plan) {
        JsonNode found = desk.api(Service.UPGRADE).get("/plans/" + Api.encode(plan));
        if (!desk.output().forPeople()) {
            return desk.show(found);
        }
        print(found);
        return 0;
    }

    @Command(description = "Plans an upgrade of a deployment. Nothing is done before another person approves it.")
    int create(
            @Parameters(paramLabel = "DEPLOYMENT", description = "Name or id.") String deployment,
            @Parameters(paramLabel = "VERSION", description = "The release to go to.") String version,
            @Option(names = "--concurrency", paramLabel = "N", description = "How many hosts at once.") @Nullable
                    Integer concurrency,
            @Option(names = "--window-start", paramLabel = "TIME", description = "Not before; as 2026-11-20T22:00:00Z.")
                    @Nullable
                    Instant windowStart,
            @Option(names = "--window-end", paramLabel = "TIME", description = "No step begins after.") @Nullable
                    Instant windowEnd) {
        ObjectNode body = Desk.body().put("deploymentId", desk.deployment(deployment));
        body.put("targetVersion", version);
        if (concurrency != null) {
            body.put("concurrency", concurrency);
        }
        if ((windowStart == null) != (windowEnd == null)) {
            throw Failure.usage("A window has a start and an end: --window-start and --window-end.");
        }
        if (windowStart != null && windowEnd != null) {
            body.putObject("window").put("start", windowStart.toString()).put("end", windowEnd.toString());
        }
        JsonNode created = desk.api(Service.UPGRADE).create("/plans", body);
        if (!desk.output().forPeople()) {
            return desk.show(created);
        }
        print(created);
        desk.terminal().out().println("\nAnother person approves it: interlock plans approve " + Desk.id(created));
        return 0;
    }

    @Command(description = "Approves exactly the plan that was shown; it must not be your own.")
    int approve(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(names = "--hash", description = "Of the plan you have seen; else it is shown and you are asked.")
                    @Nullable
                    String hash,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes,
            @Option(names = "--comment") @Nullable String comment) {
        Api api = desk.api(Service.UPGRADE);
        String seen = hash;
        if (seen == null) {
            JsonNode found = api.get("/plans/" + Api.encode(plan));
            seen = hash(found);
            if (!yes) {
                if (!desk.terminal().interactive()) {
                    throw Failure.usage(
                            "Which plan have you seen? Give its --hash, or --yes for the one there is now.");
                }
                print(found);
                if (!desk.terminal().confirmed("\nApprove this plan?")) {
                    throw new Failure(Failure.REFUSED, "Nothing was approved.");
                }
            }
        }
        ObjectNode body = Desk.body().put("hash", seen);
        if (comment != null) {
            body.put("comment", comment);
        }
        return desk.done(
                "Approved. Start it with: interlock runs start " + plan,
                api.post("/plans/" + Api.encode(plan) + "/approval", body));
    }

    @Command(description = "Rejects a plan; it can never be started.")
    int reject(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(names = "--reason", required = true) String reason,
            @Option(names = "--hash", description = "Of the plan you have seen; else the one there is now.") @Nullable
                    String hash) {
        Api api = desk.api(Service.UPGRADE);
        ObjectNode body = Desk.reason(reason);
        body.put("hash", hash == null ? hash(api.get("/plans/" + Api.encode(plan))) : hash);
        return desk.done("Rejected.", api.post("/plans/" + Api.encode(plan) + "/rejection", body));
    }

    private static String hash(JsonNode plan) {
        for (String field : List.of("hash", "planHash")) {
            if (plan.path(field).isTextual()) {
                return plan.path(field).asText();
            }
        }
        throw new Failure(Failure.DEFECT, "The service's answer has no hash.");
    }

    private void print(JsonNode plan) {
        var head = Desk.body();
        JsonNode inner = plan.path("plan").isObject() ? plan.path("plan") : plan;
        plan.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("plan") && !field.getKey().equals("stages")) {
                head.set(field.getKey(), field.getValue());
            }
        });
        desk.output().show(head);
        for (JsonNode stage : inner.path("stages")) {
            List<Steps.Step> steps = Steps.in(stage);
            desk.terminal().out().println();
            desk.terminal()
                    .out()
                    .println(desk.terminal()
                                    .paint(
                                            Colour.BOLD,
                                            "Stage: " + stage.path("name").asText())
                            + (stage.has("width") ? ", " + stage.path("width").asText() + " at once" : ""));
            var rows = new ArrayList<JsonNode>();
            steps.forEach(step -> rows.add(step.json()));
            desk.output()
                    .table(
                            rows,
                            column("HOST", "/hostName|/host|/hostId"),
                            column("STEP", "/title|/action/kind|/action|/stepId|/id"),
                            column("CLAUSES", "/clauses|/clause"),
                            column("EXPECTED", "/expected|/expectedSeconds"),
                            column("AT MOST", "/max|/maximum|/maximumSeconds"),
                            column("ON FAILURE", "/onFailure"));
        }
    }
}
