package dev.interlock.upgrade.adapter.http;

import dev.interlock.upgrade.app.Plans.StoredPlan;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A plan as a line of a list. */
@Introspected
record PlanSummary(
        UUID id,
        UUID deploymentId,
        String deployment,
        String product,
        String fromVersion,
        String targetVersion,
        String status,
        int nodes,
        String hash,
        String plannedBy,
        Instant plannedAt,
        @Nullable String decidedBy,
        @Nullable UUID runId) {
    static PlanSummary of(StoredPlan p) {
        return new PlanSummary(
                p.id(),
                p.plan().deploymentId(),
                p.plan().deployment(),
                p.plan().product(),
                p.plan().from().text(),
                p.plan().target().text(),
                p.status().word(),
                p.plan().targets().size(),
                p.hash(),
                p.plannedBy(),
                p.plannedAt(),
                p.decidedBy(),
                p.runId());
    }
}
