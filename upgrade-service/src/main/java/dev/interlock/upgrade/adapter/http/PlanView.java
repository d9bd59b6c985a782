package dev.interlock.upgrade.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Finding;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A plan with all its steps.
 *
 * @param status planned, approved, rejected or drifted
 * @param hash SHA-256 of {@code plan} in canonical form; an approval binds to it
 * @param differences what had changed in the estate when the plan was to be started
 * @param interlocks what would keep it from being started now, or is to be known; none once it has a run
 * @param runId the run that carries it out, if there is one
 */
@Introspected
record PlanView(
        UUID id,
        UUID deploymentId,
        String deployment,
        String product,
        String fromVersion,
        String targetVersion,
        String status,
        String hash,
        int nodes,
        long expectedSeconds,
        long maximumSeconds,
        String plannedBy,
        Instant plannedAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String comment,
        List<String> notes,
        List<String> differences,
        List<InterlockView> interlocks,
        @Nullable UUID runId,
        JsonNode plan) {
    static PlanView of(StoredPlan p, List<Finding> findings) {
        return new PlanView(
                p.id(),
                p.plan().deploymentId(),
                p.plan().deployment(),
                p.plan().product(),
                p.plan().from().text(),
                p.plan().target().text(),
                p.status().word(),
                p.hash(),
                p.plan().targets().size(),
                p.plan().expected().toSeconds(),
                p.plan().maximum().toSeconds(),
                p.plannedBy(),
                p.plannedAt(),
                p.decidedBy(),
                p.decidedAt(),
                p.comment(),
                p.plan().notes(),
                p.differences(),
                InterlockView.of(findings),
                p.runId(),
                Json.read(p.canonical(), JsonNode.class));
    }
}
