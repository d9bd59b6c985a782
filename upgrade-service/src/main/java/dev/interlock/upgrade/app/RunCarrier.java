package dev.interlock.upgrade.app;

import dev.interlock.platform.telemetry.LogFields;
import dev.interlock.upgrade.app.MoveRun.LeaseLost;
import dev.interlock.upgrade.app.MoveRun.Moved;
import dev.interlock.upgrade.app.Runs.Ended;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Command;
import dev.interlock.upgrade.domain.Fact;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Host;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Situation;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.StepState;
import dev.interlock.upgrade.domain.StepState.Running;
import dev.interlock.upgrade.domain.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one run, as long as this instance has its lease: gathers what happened, has it decided and stored in one transaction, then
 * does what was decided. One thread decides; each step has a thread of its own.
 */
final class RunCarrier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RunCarrier.class);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(500);

    private final UUID runId;
    private final Parts parts;
    private final HostWork work;
    private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Map<String, Thread> going = new HashMap<>();
    private volatile boolean stopping;
    private Instant renewAt;

    /** What all carriers share. */
    record Parts(
            Runs runs,
            MoveRun move,
            Estate estate,
            HostWork.Source hosts,
            Semaphore places,
            RunMetrics metrics,
            EngineSettings settings,
            Clock clock,
            CheckInterlocks interlocks) {}

    private sealed interface Message {
        record Woken() implements Message {}

        record ThingsChanged() implements Message {}

        record StepEnded(Ended ended) implements Message {}
    }

    RunCarrier(UUID runId, Parts parts) {
        this.runId = runId;
        this.parts = parts;
        this.work = parts.hosts().begin(runId);
        this.renewAt = parts.clock().instant().plus(parts.settings().lease().dividedBy(3));
    }

    /** Somebody else may have moved the run. */
    void wake() {
        mailbox.add(new Message.Woken());
    }

    /** Something that interlocks look at may be another now. */
    void thingsChanged() {
        mailbox.add(new Message.ThingsChanged());
    }

    /** Gives the run up as it is; what is going on at the hosts goes on there, and the next instance finds it. */
    void stop() {
        stopping = true;
        wake();
    }

    @Override
    public void run() {
        try (LogFields ignored = LogFields.with("run", runId)) {
            carry();
        } catch (LeaseLost e) {
            LOG.warn("{}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopping = true;
            work.close();
            going.values().forEach(Thread::interrupt);
        }
    }

    private void carry() throws InterruptedException {
        StoredRun stored =
                insist(() -> parts.runs().find(runId).orElseThrow(() -> new IllegalStateException("no run " + runId)));
        long epoch = stored.epoch();
        var facts = new ArrayList<Fact>();
        facts.add(
                stored.run().status() == Run.Status.QUEUED
                        ? new Fact.Begun(stored.startedBy(), parts.clock().instant())
                        : new Fact.Adopted(parts.clock().instant()));
        var ended = new ArrayList<Ended>();
        boolean look = false;
        boolean doubt = true;
        LOG.info("carries the run from {} on, epoch {}", stored.run().status().word(), epoch);
        while (!stopping) {
            StoredRun known = stored;
            if (doubt || facts.stream().anyMatch(fact -> comesToSafePoint(known.run(), fact))) {
                doubt = false;
                interlocks(known.run(), facts);
            }
            if (!facts.isEmpty() || !ended.isEmpty() || look) {
                Moved moved = insist(() -> parts.move().carry(known, List.copyOf(facts), List.copyOf(ended)));
                facts.clear();
                ended.clear();
                look = false;
                Run before = stored.run();
                stored = moved.run();
                carryOut(stored, moved.commands());
                parts.metrics().moved(before, stored.run());
            }
            if (!stored.run().status().moving()) {
                LOG.info("the run is {}", stored.run().status().word());
                break;
            }
            Message message = mailbox.poll(untilSomethingIsDue(stored.run()).toMillis(), TimeUnit.MILLISECONDS);
            for (; message != null; message = mailbox.poll()) {
                switch (message) {
                    case Message.Woken woken -> look = true;
                    case Message.ThingsChanged changed -> doubt = true;
                    case Message.StepEnded e -> {
                        going.remove(key(e.ended().stepId(), e.ended().attempt()));
                        ended.add(e.ended());
                        facts.add(fact(e.ended()));
                    }
                }
            }
            Instant now = parts.clock().instant();
            if (!now.isBefore(renewAt)) {
                look |= renew(stored);
                // news may have come to another instance
                doubt = true;
            }
            if (!now.isBefore(nextTime(stored.run()))) {
                facts.add(new Fact.ClockReached(now));
            }
        }
        StoredRun last = stored;
        insist(() -> {
            parts.runs().release(last.run().id(), epoch);
            return last;
        });
    }

    /** Where a host has come to a safe point the next one may begin. */
    private static boolean comesToSafePoint(Run run, Fact fact) {
        return fact instanceof Fact.StepDone done
                && run.plan().steps().anyMatch(s -> s.id().equals(done.stepId()) && s.safeAfter());
    }

    /** A broken interlock is heard of before anything new begins; of the fact that begins the run, right after it. */
    private void interlocks(Run run, List<Fact> facts) throws InterruptedException {
        if (run.status() != Run.Status.RUNNING && run.status() != Run.Status.QUEUED) {
            return;
        }
        List<Finding> broken = insist(() -> parts.interlocks().ofRun(Situation.Moment.RUNNING, run)).stream()
                .filter(Finding::blocks)
                .toList();
        if (broken.isEmpty()) {
            return;
        }
        Finding first = broken.getFirst();
        LOG.warn("interlock {} broke: {}", first.interlock(), first.sentence());
        var fact = new Fact.InterlockBroke(
                first.interlock().equals("maintenance-window") ? "window-closed" : "interlock",
                broken.stream()
                        .map(f -> f.interlock() + " (" + f.clause() + "): " + f.inWords())
                        .collect(Collectors.joining(" ")),
                parts.clock().instant());
        facts.add(facts.isEmpty() || facts.getFirst() instanceof Fact.Begun ? facts.size() : 0, fact);
    }

    private interface Work<T> {
        T get();
    }

    /** The database may be away for a while: what has to be stored is kept until it is back, or the lease has gone to another. */
    private <T> T insist(Work<T> work) throws InterruptedException {
        while (true) {
            try {
                return work.get();
            } catch (LeaseLost e) {
                throw e;
            } catch (RuntimeException e) {
                if (stopping) {
                    throw e;
                }
                LOG.warn("cannot move the run now, tries again: {}", e.toString());
                TimeUnit.MILLISECONDS.sleep(AFTER_TROUBLE.toMillis());
            }
        }
    }

    /** @return whether somebody else has moved the run */
    private boolean renew(StoredRun stored) {
        Instant asked = parts.clock().instant();
        OptionalLong version;
        try {
            version = parts.runs().renew(runId, stored.epoch(), parts.settings().lease());
        } catch (RuntimeException e) {
            LOG.warn("cannot renew the lease now: {}", e.toString());
            renewAt = asked.plus(AFTER_TROUBLE);
            return false;
        }
        if (version.isEmpty()) {
            throw new LeaseLost(runId);
        }
        renewAt = asked.plus(parts.settings().lease().dividedBy(3));
        return version.getAsLong() != stored.version();
    }

    private Fact fact(Ended ended) {
        Failure failure = ended.outcome().failure();
        return failure == null
                ? new Fact.StepDone(
                        ended.stepId(),
                        ended.attempt(),
                        ended.outcome().checks(),
                        ended.outcome().findings(),
                        ended.at())
                : new Fact.StepBroke(
                        ended.stepId(),
                        ended.attempt(),
                        failure,
                        ended.outcome().checks(),
                        ended.at());
    }

    private Duration untilSomethingIsDue(Run run) {
        Instant now = parts.clock().instant();
        Instant next = nextTime(run);
        Duration wait = Duration.between(now, next.isBefore(renewAt) ? next : renewAt);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** When the next step is late, or the window closes. */
    private static Instant nextTime(Run run) {
        Instant next = run.steps().values().stream()
                .filter(Running.class::isInstance)
                .map(s -> ((Running) s).deadline())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        Window window = run.plan().window();
        return window != null
                        && run.status() == Run.Status.RUNNING
                        && window.end().isBefore(next)
                ? window.end()
                : next;
    }

    private void carryOut(StoredRun stored, List<Command> commands) {
        for (Command command : commands) {
            switch (command) {
                case Command.Execute e -> execute(stored, e.stepId(), e.attempt(), e.again());
                case Command.Release r -> work.release(r.hostId());
                case Command.Announce a -> {}
                case Command.Show s -> {}
            }
        }
        // A person's command was decided elsewhere: what it set going is carried out here too.
        stored.run().steps().forEach((step, state) -> {
            if (state instanceof Running running && !going.containsKey(key(step, running.attempt()))) {
                execute(stored, step, running.attempt(), true);
            }
        });
        // What is no longer wanted, because it took too long.
        going.forEach((key, thread) -> {
            String step = key.substring(0, key.lastIndexOf('#'));
            StepState state = stored.run().state(step);
            if (!(state instanceof Running running) || !key.equals(key(step, running.attempt()))) {
                thread.interrupt();
            }
        });
    }

    private static String key(String step, int attempt) {
        return step + "#" + attempt;
    }

    private void execute(StoredRun stored, String stepId, int attempt, boolean again) {
        if (!(stored.run().state(stepId) instanceof Running running)
                || running.attempt() != attempt
                || going.containsKey(key(stepId, attempt))) {
            return;
        }
        Step step = stored.run()
                .plan()
                .steps()
                .filter(s -> s.id().equals(stepId))
                .findFirst()
                .orElseThrow();
        String name = stored.run().plan().target(step.hostId()).name();
        Map<String, String> found = stored.run().found(step.hostId());
        going.put(
                key(stepId, attempt), Thread.ofVirtual().name("step-" + stepId).start(() -> {
                    try (LogFields ignored =
                            LogFields.with("run", runId).and("step", stepId).and("host", name)) {
                        StepOutcome outcome = carryOut(step, attempt, running.deadline(), again, name, found);
                        mailbox.add(new Message.StepEnded(
                                new Ended(stepId, attempt, parts.clock().instant(), outcome)));
                    }
                }));
    }

    private StepOutcome carryOut(
            Step step, int attempt, Instant deadline, boolean again, String name, Map<String, String> found) {
        boolean placed = false;
        Instant begin = parts.clock().instant();
        StepOutcome outcome;
        try {
            parts.places().acquire();
            placed = true;
            Host host = parts.estate().hosts(List.of(step.hostId())).get(step.hostId());
            outcome = host == null
                    ? StepOutcome.failed(new Failure(
                            "host-gone",
                            name + " is no longer in the inventory.",
                            "Abort the run, or register the host again."))
                    : work.carryOut(new StepOrder(runId, step, host, attempt, deadline, again, found));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = StepOutcome.failed(
                    new Failure("given-up", "Nobody waits for '" + step.title() + "' any more.", "Retry the step."));
        } catch (RuntimeException e) {
            LOG.error("step {} ended unexpectedly", step.id(), e);
            outcome = StepOutcome.failed(new Failure(
                    "internal",
                    "'" + step.title() + "' ended unexpectedly in Interlock itself: "
                            + e.getClass().getSimpleName() + ".",
                    "See the service's log, then retry the step: it observes first."));
        } finally {
            if (placed) {
                parts.places().release();
            }
        }
        parts.metrics()
                .step(step, outcome, Duration.between(begin, parts.clock().instant()));
        Failure failure = outcome.failure();
        if (failure == null) {
            LOG.info("'{}' is done", step.title());
        } else {
            LOG.warn("'{}' failed: {}: {}", step.title(), failure.reason(), failure.sentence());
        }
        return outcome;
    }
}
