package dev.interlock.upgrade.app;

import dev.interlock.contracts.UpgradeEvent.UpgradePlanned;
import dev.interlock.platform.outbox.Outbox;
import dev.interlock.upgrade.app.Plans.Status;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Invariants;
import dev.interlock.upgrade.domain.Ordering;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Procedure;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.Procedures;
import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Version;
import dev.interlock.upgrade.domain.Window;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a deployment and a release into a plan that waits for another person's word. */
@Singleton
public class PlanUpgrade {
    private final Estate estate;
    private final Releases releases;
    private final Plans plans;
    private final Procedures procedures;
    private final PlanForm form;
    private final Outbox outbox;
    private final Clock clock;
    private final CheckInterlocks interlocks;

    public PlanUpgrade(
            Estate estate,
            Releases releases,
            Plans plans,
            Procedures procedures,
            PlanForm form,
            Outbox outbox,
            Clock clock,
            CheckInterlocks interlocks) {
        this.estate = estate;
        this.releases = releases;
        this.plans = plans;
        this.procedures = procedures;
        this.form = form;
        this.outbox = outbox;
        this.clock = clock;
        this.interlocks = interlocks;
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Made(StoredPlan plan) implements Outcome {}

        record NoDeployment(UUID id) implements Outcome {}

        record NotPossible(List<Reason> reasons) implements Outcome {}
    }

    @Transactional
    public Outcome handle(UUID deploymentId, Version target, Plan.Limits limits, @Nullable Window window, String by) {
        Optional<Deployment> deployment = estate.deployment(deploymentId);
        if (deployment.isEmpty()) {
            return new Outcome.NoDeployment(deploymentId);
        }
        Optional<Product> product = Product.of(deployment.get().product());
        Optional<Procedure> procedure = product.flatMap(procedures::of);
        if (product.isEmpty() || procedure.isEmpty()) {
            return new Outcome.NotPossible(List.of(new Reason(
                    "procedure",
                    "Interlock has no procedure to upgrade " + deployment.get().product() + ".",
                    "GET /api/v1/products names those it can upgrade.")));
        }
        if (window != null && !clock.instant().isBefore(window.end())) {
            return new Outcome.NotPossible(List.of(new Reason(
                    "K4",
                    "The maintenance window is over: it ended at " + window.end() + ".",
                    "Give a window that is still to come.")));
        }
        var order = new Procedure.Order(
                deployment.get(),
                estate.hosts(deployment.get().members().stream()
                        .map(Deployment.Member::hostId)
                        .toList()),
                target,
                releases.of(product.get()),
                limits,
                window);
        return switch (procedure.get().plan(order)) {
            case Refused refused -> new Outcome.NotPossible(refused.reasons());
            case Planned planned -> {
                List<Ordering.Breach> breaches = new Ordering(planned.plan(), Invariants.of(product.get())).inPlan();
                if (!breaches.isEmpty()) {
                    throw new IllegalStateException("the procedure made a plan that must never be: " + breaches);
                }
                List<Reason> never = interlocks.planned(planned.plan()).stream()
                        .filter(f -> f.weight() == Finding.Weight.REFUSES)
                        .map(f -> new Reason(f.clause(), f.sentence(), f.next()))
                        .toList();
                yield never.isEmpty() ? new Outcome.Made(store(planned.plan(), by)) : new Outcome.NotPossible(never);
            }
        };
    }

    private StoredPlan store(Plan plan, String by) {
        String canonical = form.canonical(plan);
        var stored = new StoredPlan(
                UUID.randomUUID(),
                plan,
                canonical,
                form.hash(canonical),
                Status.PLANNED,
                by,
                clock.instant(),
                null,
                null,
                null,
                List.of(),
                null,
                1);
        plans.add(stored);
        Window window = plan.window();
        outbox.add(new UpgradePlanned(
                plan.deploymentId(),
                plan.deployment(),
                stored.id(),
                stored.hash(),
                plan.product(),
                plan.from().text(),
                plan.target().text(),
                plan.targets().size(),
                (int) plan.steps().count(),
                plan.expected().toSeconds(),
                plan.maximum().toSeconds(),
                window == null ? null : window.start(),
                window == null ? null : window.end(),
                by));
        return stored;
    }
}
