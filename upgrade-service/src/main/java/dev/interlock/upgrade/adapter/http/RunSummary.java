package dev.interlock.upgrade.adapter.http;

import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Run;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run as a line of a list. */
@Introspected
record RunSummary(
        UUID id,
        UUID planId,
        UUID deploymentId,
        String deployment,
        String product,
        String fromVersion,
        String toVersion,
        String status,
        int updatedNodes,
        int failedNodes,
        int nodes,
        String startedBy,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    static RunSummary of(StoredRun s) {
        Run r = s.run();
        return new RunSummary(
                r.id(),
                r.planId(),
                r.plan().deploymentId(),
                r.plan().deployment(),
                r.plan().product(),
                r.plan().from().text(),
                r.plan().target().text(),
                r.status().word(),
                r.updated(),
                r.failedHosts(),
                r.plan().targets().size(),
                s.startedBy(),
                s.queuedAt(),
                r.startedAt(),
                r.endedAt());
    }
}
