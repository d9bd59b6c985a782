package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.app.Traces.Sealed;
import dev.interlock.upgrade.domain.Invariants;
import dev.interlock.upgrade.domain.Ordering;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Run;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that ends is sealed, in the transaction of its end: what is stored of it can no longer be changed unseen. Its story is held
 * against the procedure's invariants once more; a breach is a defect of Interlock, so the run stays what it is and an alarm is raised.
 */
@Singleton
public class SealRun {
    private static final Logger LOG = LoggerFactory.getLogger(SealRun.class);
    private static final int PAGE = 1000;

    private final Runs runs;
    private final Plans plans;
    private final Traces traces;
    private final TraceForm form;
    private final RunForm runForm;
    private final RunMetrics metrics;
    private final Clock clock;

    public SealRun(
            Runs runs, Plans plans, Traces traces, TraceForm form, RunForm runForm, RunMetrics metrics, Clock clock) {
        this.runs = runs;
        this.plans = plans;
        this.traces = traces;
        this.form = form;
        this.runForm = runForm;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** To be called in the transaction in which the run was stored. */
    public Sealed handle(StoredRun ended) {
        Run run = ended.run();
        Plan plan = run.plan();
        StoredPlan stored = plans.find(run.planId()).orElseThrow();
        List<Runs.Event> events = events(ended);
        var invariants = Invariants.of(plan.product());
        List<String> breaches = new Ordering(plan, invariants)
                .inStory(runForm.story(events)).stream()
                        .map(Ordering.Breach::toString)
                        .toList();
        if (!breaches.isEmpty()) {
            LOG.error(
                    "ALARM: run {} broke what must always hold; this is a defect of Interlock, keep its trace: {}",
                    run.id(),
                    String.join("; ", breaches));
            metrics.breached(plan.product(), breaches.size());
        }
        Instant now = clock.instant();
        String head = runForm.head(ended, stored, invariants);
        var sealed = new Sealed(head, form.seal(head, stored.canonical(), events), events.size(), breaches, now);
        traces.keep(run.id(), sealed, form.key());
        return sealed;
    }

    List<Runs.Event> events(StoredRun run) {
        var all = new ArrayList<Runs.Event>();
        List<Runs.Event> page;
        do {
            page = runs.events(run.run().id(), all.isEmpty() ? 0 : all.getLast().seq(), PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }
}
