package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.upgrade.domain.Run.Asked;
import dev.interlock.upgrade.domain.StepState.Failed;
import dev.interlock.upgrade.domain.StepState.Skipped;
import dev.interlock.upgrade.domain.StepState.Succeeded;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run's events. Counts are those of the moment: {@code steps} is the map that the move changes. */
final class Story {
    private final Run run;
    private final Plan plan;
    private final UUID deployment;
    private final Map<String, StepState> steps;

    Story(Run run, Map<String, StepState> steps) {
        this.run = run;
        this.plan = run.plan();
        this.deployment = plan.deploymentId();
        this.steps = steps;
    }

    UpgradeEvent started(String by) {
        return new UpgradeEvent.UpgradeStarted(
                deployment,
                plan.deployment(),
                run.planId(),
                run.id(),
                run.planHash(),
                plan.product(),
                plan.from().text(),
                plan.target().text(),
                plan.targets().size(),
                steps.size(),
                by);
    }

    /** What the world hears of a step that succeeded. */
    Optional<UpgradeEvent> reached(Step step) {
        if (!(state(step) instanceof Succeeded done)) {
            throw new IllegalStateException("not done: " + step.id());
        }
        Plan.Target target = plan.target(step.hostId());
        String host = target.name();
        Milestone milestone = step.action().milestone();
        return switch (milestone) {
            case NONE, PROVEN -> Optional.empty();
            case PREFLIGHT_PASSED ->
                Optional.of(new UpgradeEvent.PreflightPassed(
                        deployment, run.planId(), run.id(), step.id(), step.hostId(), host, done.checks()));
            case BACKUP_TAKEN ->
                Optional.of(new UpgradeEvent.BackupTaken(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        found(done, Findings.BACKUP_WHAT),
                        found(done, Findings.BACKUP_REFERENCE),
                        Long.parseLong(found(done, Findings.BACKUP_BYTES)),
                        done.findings().get(Findings.BACKUP_SHA256),
                        done.at()));
            case NODE_DRAINED ->
                Optional.of(new UpgradeEvent.NodeDrained(
                        deployment, run.planId(), run.id(), step.id(), step.hostId(), host, "services", null));
            case NODE_ENTERED_UPDATE_MODE ->
                Optional.of(new UpgradeEvent.NodeEnteredUpdateMode(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        reached(milestone),
                        planned(milestone)));
            case NODE_UPDATED ->
                Optional.of(new UpgradeEvent.NodeUpdated(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        target.version().text(),
                        plan.target().text(),
                        reached(milestone),
                        planned(milestone),
                        done.checks()));
            case SCHEMA_RENEWED ->
                Optional.of(new UpgradeEvent.SchemaRenewed(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        found(done, Findings.SCHEMA_VERSION)));
            case NODE_RETURNED_TO_NORMAL_MODE ->
                Optional.of(new UpgradeEvent.NodeReturnedToNormalMode(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        reached(milestone),
                        planned(milestone)));
        };
    }

    UpgradeEvent broke(Step step, Failed failed) {
        String host = plan.target(step.hostId()).name();
        Failure why = failed.failure();
        return step.action().milestone() == Milestone.PREFLIGHT_PASSED
                ? new UpgradeEvent.PreflightFailed(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        failed.checks(),
                        why.reason() + ": " + why.sentence(),
                        why.next())
                : new UpgradeEvent.StepFailed(
                        deployment,
                        run.planId(),
                        run.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        step.action().word(),
                        clause(step),
                        failed.attempt(),
                        why.reason(),
                        why.sentence(),
                        step.onFailure().word(),
                        why.next());
    }

    UpgradeEvent gateOpened(Step step, Gate gate) {
        return new UpgradeEvent.GateOpened(
                deployment,
                run.planId(),
                run.id(),
                step.id(),
                gate.ofDeployment() ? null : step.hostId(),
                clause(step),
                gate.question(),
                gate.role());
    }

    UpgradeEvent gatePassed(Step step, Fact.GateAnswered answer) {
        boolean ofDeployment = step.action() instanceof Gate gate && gate.ofDeployment();
        return new UpgradeEvent.GatePassed(
                deployment,
                run.planId(),
                run.id(),
                step.id(),
                ofDeployment ? null : step.hostId(),
                "confirmed",
                answer.comment(),
                answer.by());
    }

    UpgradeEvent paused(Asked by) {
        return new UpgradeEvent.UpgradePaused(deployment, run.planId(), run.id(), by.cause(), by.reason(), by.by());
    }

    UpgradeEvent resumed(String reason, String by) {
        return new UpgradeEvent.UpgradeResumed(deployment, run.planId(), run.id(), reason, by);
    }

    UpgradeEvent aborted(Asked by, double seconds) {
        return new UpgradeEvent.UpgradeAborted(
                deployment,
                run.planId(),
                run.id(),
                by.reason(),
                by.by(),
                reached(Milestone.NODE_UPDATED),
                plan.targets().size(),
                seconds);
    }

    UpgradeEvent completed(double seconds) {
        List<Check> postchecks = plan.steps()
                .filter(s -> s.action().milestone().postcheck())
                .flatMap(s -> state(s) instanceof Succeeded done ? done.checks().stream() : Stream.of())
                .toList();
        int held = (int) postchecks.stream().filter(Check::held).count();
        return new UpgradeEvent.UpgradeCompleted(
                deployment,
                plan.deployment(),
                run.planId(),
                run.id(),
                plan.product(),
                plan.from().text(),
                plan.target().text(),
                reached(Milestone.NODE_UPDATED),
                plan.targets().size(),
                steps.size(),
                (int) steps.values().stream().filter(Skipped.class::isInstance).count(),
                held,
                postchecks.size() - held,
                seconds);
    }

    UpgradeEvent failed(String reason, double seconds) {
        return new UpgradeEvent.UpgradeFailed(
                deployment,
                run.planId(),
                run.id(),
                reason,
                "Remove the cause that each failed step names, then retry the step: the run goes on where it stopped.",
                reached(Milestone.NODE_UPDATED),
                plan.targets().size(),
                seconds);
    }

    private static @Nullable String clause(Step step) {
        return step.clauses().isEmpty() ? null : step.clauses().getFirst();
    }

    private static String found(Succeeded done, String name) {
        return Objects.requireNonNull(done.findings().get(name), () -> "the step did not find out " + name);
    }

    private int reached(Milestone milestone) {
        return (int) at(milestone).filter(s -> state(s) instanceof Succeeded).count();
    }

    private int planned(Milestone milestone) {
        return (int) at(milestone).count();
    }

    private Stream<Step> at(Milestone milestone) {
        return plan.steps().filter(s -> s.action().milestone() == milestone);
    }

    private StepState state(Step step) {
        return Objects.requireNonNull(steps.get(step.id()));
    }
}
