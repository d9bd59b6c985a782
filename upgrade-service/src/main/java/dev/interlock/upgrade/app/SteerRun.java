package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Decision;
import dev.interlock.upgrade.domain.Fact;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** What a person wants of a run that is going on: pause, resume, abort, retry, skip. */
@Singleton
public class SteerRun {
    private final MoveRun move;
    private final RunKeeper keeper;
    private final AfterCommit afterCommit;

    public SteerRun(MoveRun move, RunKeeper keeper, AfterCommit afterCommit) {
        this.move = move;
        this.keeper = keeper;
        this.afterCommit = afterCommit;
    }

    /** @return empty if there is no such run */
    @Transactional
    public Optional<Decision> handle(UUID runId, Fact wish) {
        Optional<Decision> decision = move.ask(runId, wish);
        afterCommit.then(() -> keeper.wake(runId));
        return decision;
    }
}
