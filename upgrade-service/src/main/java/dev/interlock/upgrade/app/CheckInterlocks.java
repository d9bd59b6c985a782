package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Interlock;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Situation;
import dev.interlock.upgrade.domain.Situation.Moment;
import dev.interlock.upgrade.domain.Step;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        Deployment deployment = estate.deployment(plan.deploymentId()).orElse(null);
        Map<String, Duration> p95 =
                plan.steps().anyMatch(s -> s.is(Step.Trait.OUTAGE)) ? readings.p95(plan.product()) : Map.of();
        Duration outage = Situation.outage(plan, run, step -> p95.getOrDefault(kind(step), step.max()));
        boolean asksForLicenses = !outage.isZero() || plan.steps().anyMatch(s -> s.is(Step.Trait.DESTROYS));
        UUID server = deployment == null || !asksForLicenses
                ? null
                : readings.licenseServerOf(deployment).orElse(null);
        UUID active = runs.activeOf(plan.deploymentId()).orElse(null);
        return Interlock.check(new Situation(
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
                said));
    }

    /** Steps of one kind have ids that begin alike: {@code install.web-1}, {@code install.web-2}. */
    private static String kind(Step step) {
        int dot = step.id().indexOf('.');
        return dot < 0 ? step.id() : step.id().substring(0, dot);
    }
}
