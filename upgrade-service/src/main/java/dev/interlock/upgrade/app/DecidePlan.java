package dev.interlock.upgrade.app;

import dev.interlock.contracts.UpgradeEvent.UpgradeApproved;
import dev.interlock.contracts.UpgradeEvent.UpgradeRejected;
import dev.interlock.platform.outbox.Outbox;
import dev.interlock.upgrade.app.Plans.Status;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The second person's word on exactly the plan that he read. */
@Singleton
public class DecidePlan {
    private final Plans plans;
    private final Outbox outbox;
    private final Clock clock;

    public DecidePlan(Plans plans, Outbox outbox, Clock clock) {
        this.plans = plans;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Decided(StoredPlan plan) implements Outcome {}

        record NoPlan(UUID id) implements Outcome {}

        /** The two-person rule: whatever his roles. */
        record OwnPlan(StoredPlan plan) implements Outcome {}

        /** He speaks of another text than the one that stands here. */
        record OtherHash(StoredPlan plan) implements Outcome {}

        record DecidedBefore(StoredPlan plan) implements Outcome {}
    }

    @Transactional
    public Outcome approve(UUID id, String hash, @Nullable String comment, String by) {
        StoredPlan plan = plans.lock(id).orElse(null);
        if (plan == null) {
            return new Outcome.NoPlan(id);
        }
        if (plan.plannedBy().equals(by)) {
            return new Outcome.OwnPlan(plan);
        }
        return decide(plan, hash, Status.APPROVED, comment, by);
    }

    /** A planner may take his own plan back. */
    @Transactional
    public Outcome reject(UUID id, String hash, String reason, String by) {
        StoredPlan plan = plans.lock(id).orElse(null);
        return plan == null ? new Outcome.NoPlan(id) : decide(plan, hash, Status.REJECTED, reason, by);
    }

    private Outcome decide(StoredPlan plan, String hash, Status status, @Nullable String comment, String by) {
        if (!plan.hash().equals(hash)) {
            return new Outcome.OtherHash(plan);
        }
        if (plan.status() != Status.PLANNED) {
            return new Outcome.DecidedBefore(plan);
        }
        plans.decide(plan.id(), status, by, clock.instant(), comment);
        UUID deployment = plan.plan().deploymentId();
        outbox.add(
                status == Status.APPROVED
                        ? new UpgradeApproved(deployment, plan.id(), plan.hash(), by, comment)
                        : new UpgradeRejected(deployment, plan.id(), plan.hash(), by, comment == null ? "" : comment));
        return new Outcome.Decided(plans.find(plan.id()).orElseThrow());
    }
}
