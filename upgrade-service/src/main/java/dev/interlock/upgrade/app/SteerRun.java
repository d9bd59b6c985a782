package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Decision;
import dev.interlock.upgrade.domain.Fact;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Situation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a person wants of a run that is going on: pause, resume, abort, retry, skip. */
@Singleton
public class SteerRun {
    private final MoveRun move;
    private final RunKeeper keeper;
    private final AfterCommit afterCommit;
    private final Runs runs;
    private final CheckInterlocks interlocks;

    public SteerRun(MoveRun move, RunKeeper keeper, AfterCommit afterCommit, Runs runs, CheckInterlocks interlocks) {
        this.move = move;
        this.keeper = keeper;
        this.afterCommit = afterCommit;
        this.runs = runs;
        this.interlocks = interlocks;
    }

    /** Why the run must not go on now, if the wish is that it does. A window that is over is the decider's to refuse. */
    public List<Finding> interlocked(UUID runId, Fact wish) {
        return switch (wish) {
            case Fact.ResumeAsked f -> broken(runId);
            case Fact.RetryAsked f -> broken(runId);
            case Fact.SkipAsked f -> broken(runId);
            case Fact.PauseAsked f -> List.of();
            case Fact.AbortAsked f -> List.of();
            case Fact.GateAnswered f -> List.of();
            case Fact.Begun f -> List.of();
            case Fact.Adopted f -> List.of();
            case Fact.StepDone f -> List.of();
            case Fact.StepBroke f -> List.of();
            case Fact.ClockReached f -> List.of();
            case Fact.InterlockBroke f -> List.of();
        };
    }

    private List<Finding> broken(UUID runId) {
        return runs.find(runId)
                .filter(stored -> stored.run().status().resting())
                .map(stored -> interlocks.ofRun(Situation.Moment.GOING_ON, stored.run()).stream()
                        .filter(f -> f.blocks() && !f.interlock().equals("maintenance-window"))
                        .toList())
                .orElse(List.of());
    }

    /** @return empty if there is no such run */
    @Transactional
    public Optional<Decision> handle(UUID runId, Fact wish) {
        Optional<Decision> decision = move.ask(runId, wish);
        afterCommit.then(() -> keeper.wake(runId));
        return decision;
    }
}
