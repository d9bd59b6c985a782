package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent.Check;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Something that happened to a run. Facts carry their time: the decider has no clock. */
public sealed interface Fact {
    Instant at();

    /** There is room for the run. */
    record Begun(String by, Instant at) implements Fact {}

    /** An instance has taken the run over, from one that died or gave up its lease. */
    record Adopted(Instant at) implements Fact {}

    /** @param findings what the step found out; see {@link Findings} */
    record StepDone(String stepId, int attempt, List<Check> checks, Map<String, String> findings, Instant at)
            implements Fact {
        public StepDone(String stepId, int attempt, List<Check> checks, Instant at) {
            this(stepId, attempt, checks, Map.of(), at);
        }
    }

    record StepBroke(String stepId, int attempt, Failure failure, List<Check> checks, Instant at) implements Fact {}

    /** It is this late. */
    record ClockReached(Instant at) implements Fact {}

    /**
     * Something that must hold for the run to go on does not hold any more.
     *
     * @param cause interlock or window-closed
     * @param reason a sentence a person can act on, next step included
     */
    record InterlockBroke(String cause, String reason, Instant at) implements Fact {}

    /** A person answered an open gate. */
    record GateAnswered(String stepId, boolean confirmed, String by, String comment, Instant at) implements Fact {}

    record PauseAsked(String by, String reason, Instant at) implements Fact {}

    record ResumeAsked(String by, String reason, Instant at) implements Fact {}

    record AbortAsked(String by, String reason, Instant at) implements Fact {}

    record RetryAsked(String stepId, String by, String reason, Instant at) implements Fact {}

    record SkipAsked(String stepId, String by, String reason, Instant at) implements Fact {}
}
