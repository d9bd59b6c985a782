package dev.interlock.upgrade.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Acknowledgements.Word;
import dev.interlock.upgrade.app.CheckInterlocks.Outlook;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Forecast;
import dev.interlock.upgrade.domain.Impact;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param acknowledgements words that approvers gave, oldest first
 * @param forecast how long it takes if its steps take as long as such steps took before; null where some were never done
 * @param stageForecasts the same of each stage, in the plan's order
 * @param impact whom it would hit if it were started now; null once it has a run
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
        List<AcknowledgementView> acknowledgements,
        @Nullable ForecastView forecast,
        List<StageForecastView> stageForecasts,
        @Nullable ImpactView impact,
        @Nullable UUID runId,

        @Schema(type = "object", additionalProperties = AdditionalPropertiesValue.TRUE)
        JsonNode plan) {

    /** Past steps of the same kinds, each as long as half, or 95 of 100, of them. Of fewer than 20 samples a P95 is a guess. */
    @Introspected
    record ForecastView(double p50Seconds, double p95Seconds, long samples) {
        static ForecastView of(Forecast f) {
            return new ForecastView(f.p50().toMillis() / 1000.0, f.p95().toMillis() / 1000.0, f.samples());
        }
    }

    /** @param forecast null where one of the stage's steps was never done before */
    @Introspected
    record StageForecastView(String stage, @Nullable ForecastView forecast) {}

    /**
     * @param outageSeconds how long the service is away; 0 if it stays
     * @param licenseServerId that the deployment runs, if it is known
     * @param agents how many depend on the license server; null if it is not known
     * @param refused how many of them cannot connect while it is away (L38)
     * @param outOfGrace how many would run out of grace meanwhile (L37)
     */
    @Introspected
    record ImpactView(
            double outageSeconds,
            @Nullable UUID licenseServerId,
            @Nullable String licenseServer,
            @Nullable Long agents,
            long refused,
            long outOfGrace) {
        static ImpactView of(Impact i) {
            Impact.Server server = i.licenseServer();
            return new ImpactView(
                    i.outage().toMillis() / 1000.0,
                    server == null ? null : server.id(),
                    server == null ? null : server.name(),
                    i.agents(),
                    i.refused(),
                    i.outOfGrace());
        }
    }

    /** An approver's word to go on although an interlock lists somebody. */
    @Introspected
    record AcknowledgementView(String interlock, List<String> subjects, String reason, String by, Instant at) {
        static AcknowledgementView of(Word w) {
            return new AcknowledgementView(w.interlock(), w.subjects(), w.reason(), w.by(), w.at());
        }
    }

    static PlanView of(StoredPlan p, Outlook outlook) {
        var stages = new ArrayList<StageForecastView>();
        for (int i = 0; i < p.plan().stages().size(); i++) {
            stages.add(new StageForecastView(
                    p.plan().stages().get(i).name(),
                    outlook.stages().get(i).map(ForecastView::of).orElse(null)));
        }
        Impact impact = outlook.impact();
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
                InterlockView.of(outlook.findings()),
                outlook.words().stream().map(AcknowledgementView::of).toList(),
                outlook.forecast().map(ForecastView::of).orElse(null),
                stages,
                impact == null ? null : ImpactView.of(impact),
                p.runId(),
                Json.read(p.canonical(), JsonNode.class));
    }
}
