package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.Terminal.Colour;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "runs", description = "Runs: approved plans being carried out.")
final class Runs {

    private final Desk desk;

    Runs(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists runs, newest first.")
    int list(
            @Option(names = "--deployment", description = "Only for this one, by name or id.") @Nullable
                    String deployment,
            @Option(names = "--status", description = "For example running, paused, failed, completed.") @Nullable
                    String status,
            @Mixin Limit limit) {
        return desk.list(
                Service.UPGRADE,
                "/runs",
                new Api.Query()
                        .with("deploymentId", deployment == null ? null : desk.deployment(deployment))
                        .with("status", status),
                limit,
                column("RUN", "/id"),
                column("DEPLOYMENT", "/deployment"),
                column("FROM", "/fromVersion"),
                column("TO", "/toVersion"),
                column("STATUS", "/status"),
                column("UPDATED", "/updatedNodes"),
                column("FAILED", "/failedNodes"),
                column("OF", "/nodes"),
                column("STARTED", "/startedAt"),
                column("ENDED", "/endedAt"));
    }

    @Command(description = "Shows a run: every step, its attempts and what went wrong.")
    int show(@Parameters(paramLabel = "RUN") String run) {
        JsonNode found = desk.api(Service.UPGRADE).get("/runs/" + Api.encode(run));
        if (!desk.output().forPeople()) {
            return desk.show(found);
        }
        var head = Desk.body();
        found.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("stages") && !field.getValue().isNull()) {
                head.set(field.getKey(), field.getValue());
            }
        });
        desk.output().show(head);
        var rows = new ArrayList<JsonNode>();
        Steps.in(found).forEach(step -> rows.add(step.json()));
        if (!rows.isEmpty()) {
            desk.terminal().out().println();
            desk.terminal().out().println(desk.terminal().paint(Colour.BOLD, "steps"));
            desk.output()
                    .table(
                            rows,
                            column("HOST", "/hostName"),
                            column("STEP", "/stepId"),
                            column("WHAT", "/title"),
                            column("STATE", "/state"),
                            column("ATTEMPT", "/attempt"),
                            column("REASON", "/failure/reason|/skipReason"),
                            column("NEXT", "/failure/nextStep"));
        }
        return 0;
    }

    @Command(description = "Shows what a host's own tools said during a step.")
    int output(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--attempt", paramLabel = "N", defaultValue = "1", description = "Which one (default 1).")
                    int attempt) {
        JsonNode answer = desk.api(Service.UPGRADE)
                .get("/runs/" + Api.encode(run) + "/steps/" + Api.encode(step) + "/attempts/" + attempt + "/output");
        if (!desk.output().forPeople()) {
            return desk.show(answer);
        }
        answer.path("output")
                .asText()
                .lines()
                .forEach(line -> desk.terminal().out().println(Table.safe(line)));
        return 0;
    }

    @Command(description = "Starts an approved plan.")
    int start(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(
                            names = {"-w", "--watch"},
                            description = "Then watch it.")
                    boolean watch) {
        JsonNode answer = desk.api(Service.UPGRADE).create("/runs", Desk.body().put("planId", plan));
        String run = Desk.id(answer);
        if (watch) {
            return watch(run);
        }
        return desk.done("Started run " + run + ". Watch it with: interlock runs watch " + run, answer);
    }

    @Command(description = "Pauses a run at the next safe point: no host is left half-way.")
    int pause(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return command(run, "pause", reason, "Pausing at the next safe point.");
    }

    @Command(description = "Lets a paused run go on.")
    int resume(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return command(run, "resume", reason, "Resumed.");
    }

    @Command(description = "Ends a run at the next safe point: no host is left half-way.")
    int abort(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return command(run, "abort", reason, "Aborting at the next safe point.");
    }

    @Command(description = "Tries a failed step again.")
    int retry(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--reason", required = true) String reason) {
        return command(run, "steps/" + Api.encode(step) + "/retry", reason, "Trying " + step + " again.");
    }

    @Command(
            description =
                    "Goes on without a failed step. You take the word for it that its effect is there or not needed.")
    int skip(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--reason", required = true) String reason) {
        return command(run, "steps/" + Api.encode(step) + "/skip", reason, "Skipped " + step + ".");
    }

    @Command(description = "Answers an open gate: the run waits for a person there.")
    int answer(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "GATE") String gate,
            @Option(names = "--confirm", description = "What the gate asks for is done.") boolean confirm,
            @Option(names = "--refuse", description = "It is not, and the run must not go on.") boolean refuse,
            @Option(names = "--comment", required = true, description = "What was done or seen.") String comment) {
        if (confirm == refuse) {
            throw new Failure(Failure.USAGE, "Say one of --confirm and --refuse.");
        }
        return desk.done(
                confirm ? "Confirmed: the run goes on." : "Refused: the step failed.",
                desk.api(Service.UPGRADE)
                        .post(
                                "/runs/" + Api.encode(run) + "/gates/" + Api.encode(gate),
                                Desk.body().put("confirmed", confirm).put("comment", comment)));
    }

    @Command(
            description =
                    "Shows a run's progress live until it ends. Exit code 0 only if it completed. With -o json, one"
                            + " event a line.")
    int watch(@Parameters(paramLabel = "RUN") String run) {
        return new RunWatch(desk, run).untilItEnds();
    }

    @Command(
            description =
                    "Prints the signed trace of a run that has ended; keep it, and check it with: interlock verify-trace.")
    int trace(@Parameters(paramLabel = "RUN") String run) {
        desk.terminal().out().print(desk.api(Service.UPGRADE).text("/runs/" + Api.encode(run) + "/trace"));
        desk.terminal().out().flush();
        return 0;
    }

    @Command(
            name = "trace-key",
            description = "Prints the public key with which the service signs traces now, for verify-trace --key.")
    int traceKey(
            @Option(
                            names = "--id",
                            paramLabel = "KEY",
                            description = "The one of this id instead, as a trace names it.")
                    @Nullable
                    String id) {
        JsonNode keys = desk.api(Service.UPGRADE).get("/trace-keys");
        if (!desk.output().forPeople()) {
            return desk.show(keys);
        }
        for (JsonNode key : keys) {
            if (id == null
                    ? key.path("current").asBoolean()
                    : key.path("keyId").asText().equals(id)) {
                desk.terminal().out().print(key.path("publicKey").asText());
                desk.terminal().out().flush();
                return 0;
            }
        }
        throw new Failure(Failure.REFUSED, "The service has never signed with a key " + id + ".");
    }

    private int command(String run, String verb, @Nullable String reason, String sentence) {
        return desk.done(
                sentence, desk.api(Service.UPGRADE).post("/runs/" + Api.encode(run) + "/" + verb, Desk.reason(reason)));
    }
}
