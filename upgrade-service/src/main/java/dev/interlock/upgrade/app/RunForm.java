package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Invariant;
import dev.interlock.upgrade.domain.Ordering;
import java.util.List;

/** Reads a run's stored events, and writes what its trace begins with. */
public interface RunForm {
    List<Ordering.Moment> story(List<Runs.Event> events);

    /** About the run, its plan and the invariants of its procedure, as JSON. */
    String head(StoredRun run, StoredPlan plan, List<Invariant> invariants);
}
