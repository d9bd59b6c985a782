package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.cli.Terminal.Colour;
import dev.interlock.client.Pages;
import dev.interlock.client.upgrade.GateAnswer;
import dev.interlock.client.upgrade.NewRun;
import dev.interlock.client.upgrade.RunCommand;
import dev.interlock.client.upgrade.RunSummary;
import dev.interlock.client.upgrade.RunSummaryPage;
import dev.interlock.client.upgrade.RunsApi;
import dev.interlock.client.upgrade.StepFailure;
import dev.interlock.client.upgrade.TraceKey;
import java.util.List;
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
        var wanted = new RunsApi.ListRuns()
                .deploymentId(deployment == null ? null : desk.deployment(deployment))
                .status(status);
        return desk.list(
                Pages.of(
                        (size, after) -> desk.runs().listRuns(wanted.limit(size).after(after)),
                        RunSummaryPage::items,
                        RunSummaryPage::next),
                limit,
                column("RUN", RunSummary::id),
                column("DEPLOYMENT", RunSummary::deployment),
                column("FROM", RunSummary::fromVersion),
                column("TO", RunSummary::toVersion),
                column("STATUS", RunSummary::status),
                column("UPDATED", RunSummary::updatedNodes),
                column("FAILED", RunSummary::failedNodes),
                column("OF", RunSummary::nodes),
                column("STARTED", RunSummary::startedAt),
                column("ENDED", RunSummary::endedAt));
    }

    @Command(description = "Shows a run: every step, its attempts and what went wrong.")
    int show(@Parameters(paramLabel = "RUN") String run) {
        var found = desk.runs().showRun(run);
        if (!desk.output().forPeople()) {
            return desk.show(found.json());
        }
        var head = Desk.body();
        found.json().fields().forEachRemaining(field -> {
            if (!field.getKey().equals("stages") && !field.getValue().isNull()) {
                head.set(field.getKey(), field.getValue());
            }
        });
        desk.output().show(head);
        List<StepOnHost> rows = StepOnHost.in(found.value());
        if (!rows.isEmpty()) {
            desk.terminal().out().println();
            desk.terminal().out().println(desk.terminal().paint(Colour.BOLD, "steps"));
            desk.output()
                    .table(
                            rows,
                            column("HOST", StepOnHost::host),
                            column("STEP", row -> row.step().stepId()),
                            column("WHAT", row -> row.step().title()),
                            column("STATE", row -> row.step().state()),
                            column("ATTEMPT", row -> row.step().attempt()),
                            column("REASON", row -> {
                                StepFailure failure = row.step().failure();
                                return failure == null ? row.step().skipReason() : failure.reason();
                            }),
                            column("NEXT", row -> {
                                StepFailure failure = row.step().failure();
                                return failure == null ? null : failure.nextStep();
                            }));
        }
        return 0;
    }

    @Command(description = "Shows what a host's own tools said during a step.")
    int output(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--attempt", paramLabel = "N", defaultValue = "1", description = "Which one (default 1).")
                    int attempt) {
        var answer = desk.runs().showAttemptOutput(run, step, attempt);
        if (!desk.output().forPeople()) {
            return desk.show(answer.json());
        }
        answer.value().output().lines().forEach(line -> desk.terminal().out().println(Table.safe(line)));
        return 0;
    }

    @Command(description = "Starts an approved plan.")
    int start(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(
                            names = {"-w", "--watch"},
                            description = "Then watch it.")
                    boolean watch) {
        var answer = desk.runs().startRun(new NewRun().withPlanId(plan));
        String run = answer.value().id();
        if (watch) {
            return watch(run);
        }
        return desk.done("Started run " + run + ". Watch it with: interlock runs watch " + run, answer.json());
    }

    @Command(description = "Pauses a run at the next safe point: no host is left half-way.")
    int pause(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return steer(run, RunsApi.SteerRunVerb.PAUSE, reason, "Pausing at the next safe point.");
    }

    @Command(description = "Lets a paused run go on.")
    int resume(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return steer(run, RunsApi.SteerRunVerb.RESUME, reason, "Resumed.");
    }

    @Command(description = "Ends a run at the next safe point: no host is left half-way.")
    int abort(@Parameters(paramLabel = "RUN") String run, @Option(names = "--reason", required = true) String reason) {
        return steer(run, RunsApi.SteerRunVerb.ABORT, reason, "Aborting at the next safe point.");
    }

    @Command(description = "Tries a failed step again.")
    int retry(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--reason", required = true) String reason) {
        return repair(run, step, RunsApi.RepairStepVerb.RETRY, reason, "Trying " + step + " again.");
    }

    @Command(
            description =
                    "Goes on without a failed step. You take the word for it that its effect is there or not needed.")
    int skip(
            @Parameters(paramLabel = "RUN") String run,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--reason", required = true) String reason) {
        return repair(run, step, RunsApi.RepairStepVerb.SKIP, reason, "Skipped " + step + ".");
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
                desk.runs()
                        .answerGate(
                                run,
                                gate,
                                new GateAnswer().withConfirmed(confirm).withComment(comment))
                        .json());
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
        desk.terminal().out().print(desk.traces().showTrace(run).value().text());
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
        var keys = desk.traces().listTraceKeys();
        if (!desk.output().forPeople()) {
            return desk.show(keys.json());
        }
        for (TraceKey key : keys.value()) {
            if (id == null ? key.current() : key.keyId().equals(id)) {
                desk.terminal().out().print(key.publicKey());
                desk.terminal().out().flush();
                return 0;
            }
        }
        throw new Failure(Failure.REFUSED, "The service has never signed with a key " + id + ".");
    }

    private int steer(String run, String verb, String reason, String sentence) {
        return desk.done(
                sentence,
                desk.runs()
                        .steerRun(run, verb, new RunCommand().withReason(reason))
                        .json());
    }

    private int repair(String run, String step, String verb, String reason, String sentence) {
        return desk.done(
                sentence,
                desk.runs()
                        .repairStep(run, step, verb, new RunCommand().withReason(reason))
                        .json());
    }
}
