package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Acknowledgements.Word;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Forecast;
import dev.interlock.upgrade.domain.Impact;
import dev.interlock.upgrade.domain.Interlock;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Situation;
import dev.interlock.upgrade.domain.Situation.Moment;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.Took;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds a plan or a run against all interlocks as things are now. */
@Singleton
public class CheckInterlocks {
    private final Readings readings;
    private final Estate estate;
    private final Runs runs;
    private final Acknowledgements words;
    private final Clock clock;

    public CheckInterlocks(Readings readings, Estate estate, Runs runs, Acknowledgements words, Clock clock) {
        this.readings = readings;
        this.estate = estate;
        this.runs = runs;
        this.words = words;
        this.clock = clock;
    }

    /** Of a plan that is being made. */
    @Transactional
    public List<Finding> planned(Plan plan) {
        return check(Moment.PLANNED, plan, null, Map.of());
    }

    /** Of a plan that stands, as if it were started now. */
    @Transactional
    public List<Finding> standing(StoredPlan plan) {
        return check(Moment.PLANNED, plan.plan(), null, words.of(plan.id(), plan.hash()));
    }

    /**
     * What is to be known of a plan besides itself, as things are now.
     *
     * @param findings none once it has a run
     * @param impact null once it has a run
     * @param stages in the plan's order; empty where too little is known
     */
    public record Outlook(
            List<Finding> findings,
            @Nullable Impact impact,
            Optional<Forecast> forecast,
            List<Optional<Forecast>> stages,
            List<Word> words) {}

    @Transactional
    public Outlook outlook(StoredPlan stored) {
        Plan plan = stored.plan();
        Map<String, Took> took = readings.took(plan.product());
        List<Finding> findings = List.of();
        Impact impact = null;
        if (stored.runId() == null) {
            Situation now = situation(Moment.PLANNED, plan, null, words.of(stored.id(), stored.hash()), took);
            findings = Interlock.check(now);
            impact = Impact.of(
                    now,
                    licenseServerOf(plan)
                            .map(id -> new Impact.Server(
                                    id, readings.licenseServerName(id).orElse(null)))
                            .orElse(null));
        }
        return new Outlook(
                findings,
                impact,
                Forecast.of(plan, took),
                plan.stages().stream().map(stage -> Forecast.of(stage, took)).toList(),
                words.list(stored.id()));
    }

    @Transactional
    public List<Finding> starting(StoredPlan plan) {
        return check(Moment.STARTING, plan.plan(), null, words.of(plan.id(), plan.hash()));
    }

    /** @param moment running or going on */
    @Transactional
    public List<Finding> ofRun(Moment moment, Run run) {
        return check(moment, run.plan(), run, words.of(run.planId(), run.planHash()));
    }

    private List<Finding> check(Moment moment, Plan plan, @Nullable Run run, Map<String, Set<String>> said) {
        return Interlock.check(situation(
                moment,
                plan,
                run,
                said,
                plan.steps().anyMatch(s -> s.is(Step.Trait.OUTAGE)) ? readings.took(plan.product()) : Map.of()));
    }

    private Optional<UUID> licenseServerOf(Plan plan) {
        return estate.deployment(plan.deploymentId()).flatMap(readings::licenseServerOf);
    }

    private Situation situation(
            Moment moment, Plan plan, @Nullable Run run, Map<String, Set<String>> said, Map<String, Took> took) {
        Deployment deployment = estate.deployment(plan.deploymentId()).orElse(null);
        Duration outage = Situation.outage(plan, run, step -> p95(took, step));
        boolean asksForLicenses = !outage.isZero() || plan.steps().anyMatch(s -> s.is(Step.Trait.DESTROYS));
        UUID server = deployment == null || !asksForLicenses
                ? null
                : readings.licenseServerOf(deployment).orElse(null);
        UUID active = runs.activeOf(plan.deploymentId()).orElse(null);
        return new Situation(
                moment,
                clock.instant(),
                plan,
                run,
                run != null && run.id().equals(active) ? null : active,
                readings.orphans(plan.deploymentId()),
                readings.clockSkew(plan.deploymentId()),
                server == null ? null : readings.coverage(server),
                server == null && asksForLicenses && deployment != null
                        ? deployment.settings().get("licenseServerId")
                        : null,
                outage,
                server == null || deployment == null ? List.of() : readings.stakes(deployment, server),
                readings.locks(plan.targets().stream().map(Plan.Target::hostId).toList()),
                said);
    }

    /** At the longest while too little is known. */
    private static Duration p95(Map<String, Took> took, Step step) {
        Took known = took.get(step.kind());
        return known != null && known.enough() ? known.p95() : step.max();
    }
}
