package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.app.Traces.Sealed;
import dev.interlock.upgrade.domain.Run;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.UUID;

/** The trace of a run that has ended, for whoever wants to check it elsewhere. */
@Singleton
public class ShowTrace {
    private final Runs runs;
    private final Plans plans;
    private final Traces traces;
    private final TraceForm form;
    private final SealRun sealRun;

    public ShowTrace(Runs runs, Plans plans, Traces traces, TraceForm form, SealRun sealRun) {
        this.runs = runs;
        this.plans = plans;
        this.traces = traces;
        this.form = form;
        this.sealRun = sealRun;
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Trace(String lines) implements Outcome {}

        record NoRun(UUID id) implements Outcome {}

        record NotEnded(Run.Status status) implements Outcome {}

        /** What is stored is not what was sealed. */
        record Altered(String sentence) implements Outcome {}
    }

    @Transactional
    public Outcome handle(UUID runId) {
        StoredRun run = runs.lock(runId, null).orElse(null);
        if (run == null) {
            return new Outcome.NoRun(runId);
        }
        if (run.run().endedAt() == null) {
            return new Outcome.NotEnded(run.run().status());
        }
        // A run that ended before runs were sealed is sealed as it is found.
        Sealed sealed = traces.of(runId).orElseGet(() -> sealRun.handle(run));
        String plan = plans.find(run.run().planId()).orElseThrow().canonical();
        try {
            return new Outcome.Trace(form.lines(sealed.head(), plan, sealRun.events(run), sealed.seal()));
        } catch (TraceForm.Altered e) {
            return new Outcome.Altered(String.valueOf(e.getMessage()));
        }
    }
}
