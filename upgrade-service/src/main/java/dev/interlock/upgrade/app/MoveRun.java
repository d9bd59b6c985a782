package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Runs.Ended;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Command;
import dev.interlock.upgrade.domain.Decision;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Fact;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.RunDecider;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Applies facts to a run: decision, rows and events in one transaction. */
@Singleton
public class MoveRun {
    private final Runs runs;
    private final Clock clock;
    private final Instance instance;
    private final SealRun sealRun;

    public MoveRun(Runs runs, Clock clock, Instance instance, SealRun sealRun) {
        this.runs = runs;
        this.clock = clock;
        this.instance = instance;
        this.sealRun = sealRun;
    }

    /** @param commands still to be carried out; events are on their way already */
    public record Moved(StoredRun run, List<Command> commands) {}

    /** The run is somebody else's now: whoever hears this must not touch its hosts any more. */
    public static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLost(UUID runId) {
            super("run " + runId + " was taken over by another instance");
        }
    }

    /**
     * For the instance that carries the run.
     *
     * @param known what it remembers of the run
     */
    @Transactional
    public Moved carry(StoredRun known, List<Fact> facts, List<Ended> ended) {
        UUID id = known.run().id();
        StoredRun stored = runs.lock(id, known).orElseThrow(() -> new LeaseLost(id));
        if (stored.epoch() != known.epoch()) {
            throw new LeaseLost(id);
        }
        ended.forEach(e -> runs.attemptEnded(id, e));
        var commands = new ArrayList<Command>();
        var run = stored.run();
        for (Fact fact : facts) {
            switch (RunDecider.decide(run, fact)) {
                case Decided decided -> {
                    run = decided.run();
                    commands.addAll(decided.commands());
                }
                case Refused refused ->
                    throw new IllegalStateException(refused.reason().text());
            }
        }
        if (commands.isEmpty() && run.equals(stored.run())) {
            return new Moved(stored, List.of());
        }
        return new Moved(save(stored, run, commands), commands);
    }

    /**
     * For people: done at once, or refused.
     *
     * @return empty if there is no such run
     */
    @Transactional
    public Optional<Decision> ask(UUID runId, Fact fact) {
        return runs.lock(runId, null).map(stored -> {
            Decision decision = RunDecider.decide(stored.run(), fact);
            switch (decision) {
                case Decided decided -> {
                    var _ = save(stored, decided.run(), decided.commands());
                }
                case Refused refused -> {}
            }
            return decision;
        });
    }

    private StoredRun save(StoredRun before, Run after, List<Command> commands) {
        StoredRun stored = runs.save(before, after, commands, instance.name(), clock.instant());
        if (before.run().endedAt() == null && after.endedAt() != null) {
            sealRun.handle(stored);
        }
        return stored;
    }
}
