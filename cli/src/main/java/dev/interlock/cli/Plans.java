package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.cli.Terminal.Colour;
import dev.interlock.client.Pages;
import dev.interlock.client.upgrade.Interlock;
import dev.interlock.client.upgrade.NewAcknowledgement;
import dev.interlock.client.upgrade.NewPlan;
import dev.interlock.client.upgrade.NewWindow;
import dev.interlock.client.upgrade.Plan;
import dev.interlock.client.upgrade.PlanAction;
import dev.interlock.client.upgrade.PlanApproval;
import dev.interlock.client.upgrade.PlanLane;
import dev.interlock.client.upgrade.PlanRejection;
import dev.interlock.client.upgrade.PlanStage;
import dev.interlock.client.upgrade.PlanStep;
import dev.interlock.client.upgrade.PlanSummary;
import dev.interlock.client.upgrade.PlanSummaryPage;
import dev.interlock.client.upgrade.PlansApi;
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
        var wanted = new PlansApi.ListPlans().deploymentId(deployment == null ? null : desk.deployment(deployment));
        return desk.list(
                Pages.of(
                        (size, after) ->
                                desk.plans().listPlans(wanted.limit(size).after(after)),
                        PlanSummaryPage::items,
                        PlanSummaryPage::next),
                limit,
                column("PLAN", PlanSummary::id),
                column("DEPLOYMENT", PlanSummary::deployment),
                column("FROM", PlanSummary::fromVersion),
                column("TO", PlanSummary::targetVersion),
                column("HOSTS", PlanSummary::nodes),
                column("STATUS", PlanSummary::status),
                column("BY", PlanSummary::plannedBy),
                column("AT", PlanSummary::plannedAt),
                column("RUN", PlanSummary::runId));
    }

    @Command(
            description =
                    "Shows a plan: every step, on which host, with its clause, and the hash an approval binds to.")
    int show(@Parameters(paramLabel = "PLAN") String plan) {
        var found = desk.plans().showPlan(plan);
        if (!desk.output().forPeople()) {
            return desk.show(found.json());
        }
        print(found.value());
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
        var wanted = new NewPlan()
                .withDeploymentId(desk.deployment(deployment))
                .withTargetVersion(version)
                .withConcurrency(concurrency)
                .withCanary(canary)
                .withFailureThreshold(failureThreshold);
        if ((windowStart == null) != (windowEnd == null)) {
            throw Failure.usage("A window has a start and an end: --window-start and --window-end.");
        }
        if (windowStart != null && windowEnd != null) {
            wanted = wanted.withWindow(
                    new NewWindow().withStart(windowStart).withEnd(windowEnd).withZone(windowZone));
        }
        var created = desk.plans().createPlan(wanted);
        if (!desk.output().forPeople()) {
            return desk.show(created.json());
        }
        print(created.value());
        desk.terminal()
                .out()
                .println("\nAnother person approves it: interlock plans approve "
                        + created.value().id());
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
        String seen = hash;
        if (seen == null) {
            Plan found = desk.plans().showPlan(plan).value();
            seen = found.hash();
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
        var approval = new PlanApproval().withHash(seen).withComment(comment);
        return desk.done(
                "Approved. Start it with: interlock runs start " + plan,
                desk.plans().approvePlan(plan, approval).json());
    }

    @Command(description = "Rejects a plan; it can never be started.")
    int reject(
            @Parameters(paramLabel = "PLAN") String plan,
            @Option(names = "--reason", required = true) String reason,
            @Option(names = "--hash", description = "Of the plan you have seen; else the one there is now.") @Nullable
                    String hash) {
        var rejection = new PlanRejection()
                .withHash(hash == null ? desk.plans().showPlan(plan).value().hash() : hash)
                .withReason(reason);
        return desk.done("Rejected.", desk.plans().rejectPlan(plan, rejection).json());
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
        Plan found = desk.plans().showPlan(plan).value();
        var list = new ArrayList<String>();
        if (subjects != null) {
            list.addAll(subjects);
        } else {
            for (Interlock each : found.interlocks()) {
                if (each.interlock().equals(interlock)) {
                    desk.terminal().out().println(Table.safe(each.reason()));
                    list.addAll(each.subjects());
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
                list.forEach(name -> desk.terminal().out().println("  " + Table.safe(name)));
                if (!desk.terminal().confirmed("\nMay these be refused meanwhile?")) {
                    throw new Failure(Failure.REFUSED, "Nothing was acknowledged.");
                }
            }
        }
        var acknowledgement = new NewAcknowledgement()
                .withHash(found.hash())
                .withInterlock(interlock)
                .withSubjects(list)
                .withReason(reason);
        return desk.done(
                "Acknowledged for " + list.size() + ". A longer list asks again.",
                desk.interlocks().acknowledgeInterlock(plan, acknowledgement).json());
    }

    private record PlannedStep(String host, PlanStep step) {}

    private void say(String text) {
        desk.terminal().out().println(text);
    }

    private void print(Plan plan) {
        var head = Desk.body();
        plan.json().fields().forEachRemaining(field -> {
            boolean empty = field.getValue().isNull()
                    || (field.getValue().isArray() && field.getValue().isEmpty());
            if (!field.getKey().equals("plan") && !field.getKey().equals("interlocks") && !empty) {
                head.set(field.getKey(), field.getValue());
            }
        });
        desk.output().show(head);
        if (!plan.interlocks().isEmpty()) {
            desk.terminal().out().println();
            desk.terminal().out().println(desk.terminal().paint(Colour.BOLD, "Interlocks"));
            for (Interlock each : plan.interlocks()) {
                say("  "
                        + Table.safe(each.interlock() + " (" + each.clause() + "), " + each.weight() + ": "
                                + each.reason()));
                say("    " + Table.safe("next: " + each.next()));
            }
        }
        for (PlanStage stage : plan.plan().stages()) {
            var rows = new ArrayList<PlannedStep>();
            for (PlanLane lane : stage.lanes()) {
                lane.steps().forEach(step -> rows.add(new PlannedStep(lane.hostName(), step)));
            }
            String title = "Stage: " + stage.name();
            desk.terminal().out().println();
            desk.terminal()
                    .out()
                    .println(desk.terminal().paint(Colour.BOLD, title) + ", " + stage.width() + " at once");
            desk.output()
                    .table(
                            rows,
                            column("HOST", PlannedStep::host),
                            column("STEP", row -> row.step().title()),
                            column("CLAUSES", row -> row.step().clauses()),
                            column("EXPECTED", row -> row.step().expected()),
                            column("AT MOST", row -> row.step().max()),
                            column("ON FAILURE", row -> row.step().onFailure()));
            for (PlannedStep row : rows) {
                PlanAction action = row.step().action();
                if (action.kind().equals(PlanAction.KindWords.GATE)) {
                    // members of one kind of action
                    say("Waits for a person (" + action.json().path("role").asText() + ", gate "
                            + row.step().id() + "): "
                            + action.json().path("question").asText());
                }
            }
            if (stage.noWayBack() != null) {
                say("No abort: " + stage.noWayBack());
            }
        }
    }
}
