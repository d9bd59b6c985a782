package dev.interlock.upgrade.app;

import dev.interlock.platform.telemetry.TraceContext;
import dev.interlock.upgrade.app.Plans.Status;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Drift;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Host;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Procedure;
import dev.interlock.upgrade.domain.Procedures;
import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Window;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Starts the run of an approved plan, if the estate is still the one that the plan was made for. */
@Singleton
public class StartRun {
    private final Plans plans;
    private final Runs runs;
    private final Estate estate;
    private final Procedures procedures;
    private final RunKeeper keeper;
    private final AfterCommit afterCommit;
    private final CheckInterlocks interlocks;
    private final Clock clock;

    public StartRun(
            Plans plans,
            Runs runs,
            Estate estate,
            Procedures procedures,
            RunKeeper keeper,
            AfterCommit afterCommit,
            CheckInterlocks interlocks,
            Clock clock) {
        this.plans = plans;
        this.runs = runs;
        this.estate = estate;
        this.procedures = procedures;
        this.keeper = keeper;
        this.afterCommit = afterCommit;
        this.interlocks = interlocks;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Queued(UUID runId) implements Outcome {}

        record NoPlan(UUID id) implements Outcome {}

        record NotApproved(StoredPlan plan) implements Outcome {}

        /** A plan is carried out once. */
        record UsedBefore(UUID runId) implements Outcome {}

        record OutsideWindow(Window window) implements Outcome {}

        /** The plan is no good any more. */
        record Drifted(List<String> differences) implements Outcome {}

        record Busy(UUID runId) implements Outcome {}

        /** The line is not set. */
        record Interlocked(List<Finding> broken) implements Outcome {}
    }

    @Transactional
    public Outcome handle(UUID planId, String by) {
        StoredPlan stored = plans.lock(planId).orElse(null);
        if (stored == null) {
            return new Outcome.NoPlan(planId);
        }
        if (stored.runId() != null) {
            return new Outcome.UsedBefore(stored.runId());
        }
        if (stored.status() == Status.DRIFTED) {
            return new Outcome.Drifted(stored.differences());
        }
        if (stored.status() != Status.APPROVED) {
            return new Outcome.NotApproved(stored);
        }
        Plan plan = stored.plan();
        Window window = plan.window();
        if (window != null && !window.contains(clock.instant())) {
            return new Outcome.OutsideWindow(window);
        }
        var active = runs.activeOf(plan.deploymentId());
        List<Finding> broken =
                interlocks.starting(stored).stream().filter(Finding::blocks).toList();
        if (active.isPresent() && broken.size() <= 1) {
            return new Outcome.Busy(active.get());
        }
        if (!broken.isEmpty()) {
            return new Outcome.Interlocked(broken);
        }
        List<String> differences = drift(plan);
        if (!differences.isEmpty()) {
            plans.drifted(planId, differences);
            return new Outcome.Drifted(differences);
        }
        var run = Run.queued(UUID.randomUUID(), planId, stored.hash(), plan);
        if (!runs.add(run, by, clock.instant(), TraceContext.currentTraceparent())) {
            return new Outcome.Busy(runs.activeOf(plan.deploymentId()).orElseThrow());
        }
        afterCommit.then(() -> keeper.wake(run.id()));
        return new Outcome.Queued(run.id());
    }

    private List<String> drift(Plan plan) {
        Deployment deployment = estate.deployment(plan.deploymentId()).orElse(null);
        Set<UUID> ids = new HashSet<>();
        plan.targets().forEach(t -> ids.add(t.hostId()));
        if (deployment != null) {
            deployment.members().forEach(m -> ids.add(m.hostId()));
        }
        Map<UUID, Host> hosts = estate.hosts(ids);
        Procedure procedure = Product.of(plan.product()).flatMap(procedures::of).orElseThrow();
        return Drift.between(plan, deployment, hosts, procedure);
    }
}
