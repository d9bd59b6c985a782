package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.Terminal.Colour;
import java.time.Instant;
import java.util.ArrayList;
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

    @Command(description = "Lists plans, newest first.")
    int list(
            @Option(names = "--deployment", description = "Only for this one, by name or id.") @Nullable
                    String deployment,
            @Mixin Limit limit) {
        return desk.list(
                Service.UPGRADE,
                "/plans",
                new Api.Query().with("deploymentId", deployment == null ? null : desk.deployment(deployment)),
                limit,
                column("PLAN", "/id"),
                column("DEPLOYMENT", "/deployment"),
                column("FROM", "/fromVersion"),
                column("TO", "/targetVersion"),
                column("HOSTS", "/nodes"),
                column("STATUS", "/status"),
                column("BY", "/plannedBy"),
                column("AT", "/plannedAt"),
                column("RUN", "/runId"));
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
            @Option(
                            names = "--canary",
                            paramLabel = "N",
                            description = "How many go first, alone; a failure there stops the run.")
                    @Nullable
                    Integer canary,
            @Option(
                            names = "--failure-threshold",
                            paramLabel = "N",
                            description = "At how many failed hosts no other begins.")
                    @Nullable
                    Integer failureThreshold,
            @Option(names = "--window-start", paramLabel = "TIME", description = "Not before; as 2026-11-20T22:00:00Z.")
                    @Nullable
                    Instant windowStart,
            @Option(names = "--window-end", paramLabel = "TIME", description = "No step begins after.") @Nullable
                    Instant windowEnd,
            @Option(names = "--window-zone", paramLabel = "ZONE", description = "To show it in, as Europe/Berlin.")
                    @Nullable
                    String windowZone) {
        ObjectNode body = Desk.body().put("deploymentId", desk.deployment(deployment));
        body.put("targetVersion", version);
        put(body, "concurrency", concurrency);
        put(body, "canary", canary);
        put(body, "failureThreshold", failureThreshold);
        if ((windowStart == null) != (windowEnd == null)) {
            throw Failure.usage("A window has a start and an end: --window-start and --window-end.");
        }
        if (windowStart != null && windowEnd != null) {
            ObjectNode window = body.putObject("window");
            window.put("start", windowStart.toString()).put("end", windowEnd.toString());
            if (windowZone != null) {
                window.put("zone", windowZone);
            }
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

    @Command(
            description =
                    "Says that a plan may go on although some would be refused meanwhile: for just those that it lists now."
                            + " It must not be your own plan.")
    int acknowledge(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(
                            names = "--interlock",
                            defaultValue = "refused-agents",
                            description = "Which one (default refused-agents).")
                    String interlock,
            @Option(names = "--reason", required = true) String reason,
            @Option(
                            names = "--subject",
                            paramLabel = "NAME",
                            description = "Those you have seen, each; else you are shown them.")
                    java.util.@Nullable List<String> subjects,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        Api api = desk.api(Service.UPGRADE);
        JsonNode found = api.get("/plans/" + Api.encode(plan));
        ObjectNode body = Desk.reason(reason);
        body.put("hash", hash(found)).put("interlock", interlock);
        var list = body.putArray("subjects");
        if (subjects != null) {
            subjects.forEach(list::add);
        } else {
            for (JsonNode each : found.path("interlocks")) {
                if (each.path("interlock").asText().equals(interlock)) {
                    desk.terminal().out().println(Table.safe(each.path("reason").asText()));
                    each.path("subjects").forEach(list::add);
                }
            }
            if (list.isEmpty()) {
                throw new Failure(Failure.REFUSED, "The plan's interlock '" + interlock + "' lists nobody.");
            }
            if (!yes) {
                if (!desk.terminal().interactive()) {
                    throw Failure.usage(
                            "Whom have you seen? Name each with --subject, or --yes for those there are now.");
                }
                list.forEach(name -> desk.terminal().out().println("  " + Table.safe(name.asText())));
                if (!desk.terminal().confirmed("\nMay these be refused meanwhile?")) {
                    throw new Failure(Failure.REFUSED, "Nothing was acknowledged.");
                }
            }
        }
        return desk.done(
                "Acknowledged for " + list.size() + ". A longer list asks again.",
                api.post("/plans/" + Api.encode(plan) + "/acknowledgements", body));
    }

    private static String hash(JsonNode plan) {
        if (plan.path("hash").isTextual()) {
            return plan.path("hash").asText();
        }
        throw new Failure(Failure.DEFECT, "The service's answer has no hash.");
    }

    private static void put(ObjectNode body, String field, @Nullable Integer value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private void say(String text) {
        desk.terminal().out().println(text);
    }

    private void print(JsonNode plan) {
        var head = Desk.body();
        plan.fields().forEachRemaining(field -> {
            boolean empty = field.getValue().isNull()
                    || (field.getValue().isArray() && field.getValue().isEmpty());
            if (!field.getKey().equals("plan") && !field.getKey().equals("interlocks") && !empty) {
                head.set(field.getKey(), field.getValue());
            }
        });
        desk.output().show(head);
        var interlocks = new ArrayList<JsonNode>();
        plan.path("interlocks").forEach(interlocks::add);
        if (!interlocks.isEmpty()) {
            desk.terminal().out().println();
            desk.terminal().out().println(desk.terminal().paint(Colour.BOLD, "Interlocks"));
            for (JsonNode each : interlocks) {
                desk.terminal()
                        .out()
                        .println("  "
                                + Table.safe(each.path("interlock").asText() + " ("
                                        + each.path("clause").asText() + "), "
                                        + each.path("weight").asText() + ": "
                                        + each.path("reason").asText()));
                desk.terminal()
                        .out()
                        .println(
                                "    " + Table.safe("next: " + each.path("next").asText()));
            }
        }
        for (JsonNode stage : plan.path("plan").path("stages")) {
            var rows = new ArrayList<JsonNode>();
            Steps.in(stage).forEach(step -> rows.add(step.json()));
            String title = "Stage: " + stage.path("name").asText();
            desk.terminal().out().println();
            desk.terminal()
                    .out()
                    .println(desk.terminal().paint(Colour.BOLD, title) + ", "
                            + stage.path("width").asText() + " at once");
            desk.output()
                    .table(
                            rows,
                            column("HOST", "/hostName"),
                            column("STEP", "/title"),
                            column("CLAUSES", "/clauses"),
                            column("EXPECTED", "/expected"),
                            column("AT MOST", "/max"),
                            column("ON FAILURE", "/onFailure"));
            for (JsonNode step : rows) {
                if (step.path("action").path("kind").asText().equals("gate")) {
                    say("Waits for a person ("
                            + step.path("action").path("role").asText() + ", gate "
                            + step.path("id").asText() + "): "
                            + step.path("action").path("question").asText());
                }
            }
            if (stage.path("noWayBack").isTextual()) {
                say("No abort: " + stage.path("noWayBack").asText());
            }
        }
    }
}
