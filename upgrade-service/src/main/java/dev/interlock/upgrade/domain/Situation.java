package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Step.Trait;
import dev.interlock.upgrade.domain.StepState.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that interlocks look at, as it is at one moment.
 *
 * @param run null while there is none
 * @param otherRun that has the deployment
 * @param orphans what the product has registered and does not exist, by name; null while the two have not been compared
 * @param clockSkew a sentence while two members' clocks are too far apart
 * @param coverage of the agents that depend on the license server that the deployment runs; null if that is not known
 * @param unknownServer the license server that the deployment names and nobody has told of
 * @param outage P95 of how long the service will be away, in what has not begun of the plan; zero if it will not be
 * @param stakes licences active on the plan's hosts
 * @param locks hosts that must not go down, of all runs
 * @param words by interlock, whom an approver has let be refused
 */
public record Situation(
        Moment moment,
        Instant now,
        Plan plan,
        @Nullable Run run,
        @Nullable UUID otherRun,
        @Nullable List<String> orphans,
        @Nullable String clockSkew,
        @Nullable Coverage coverage,
        @Nullable String unknownServer,
        Duration outage,
        List<Stake> stakes,
        List<Lock> locks,
        Map<String, Set<String>> words) {
    public Situation {
        stakes = List.copyOf(stakes);
        locks = List.copyOf(locks);
        words = Map.copyOf(words);
    }

    /** When interlocks are looked at. */
    public enum Moment {
        PLANNED,
        STARTING,
        RUNNING,
        /** A person wants the run to go on: resume or retry. */
        GOING_ON
    }

    /**
     * @param agents how many depend on the license server
     * @param atRisk those of them that were never licensed, are in grace, or have none left
     */
    public record Coverage(long agents, List<Agent> atRisk) {
        public Coverage {
            atRisk = List.copyOf(atRisk);
        }

        /** Those whose users are refused as soon as the license server is away. */
        List<Agent> refused(Instant now) {
            return atRisk.stream().filter(agent -> agent.refused(now)).toList();
        }

        /** Those that go on now, and would not until the license server is back. */
        List<Agent> outOfGrace(Instant now, Duration outage) {
            return atRisk.stream()
                    .filter(agent -> {
                        Instant ends = agent.graceEndsAt();
                        return !agent.refused(now)
                                && ends != null
                                && Duration.between(now, ends).compareTo(outage) <= 0;
                    })
                    .toList();
        }
    }

    /** @param graceEndsAt null if the agent is not in grace */
    public record Agent(
            UUID id,
            String name,
            boolean everLicensed,
            @Nullable Instant graceEndsAt,
            boolean expired) {
        /** Whether its users are refused as soon as the license server is away (L34). */
        boolean refused(Instant now) {
            Instant ends = graceEndsAt;
            return !everLicensed || expired || (ends != null && !now.isBefore(ends));
        }
    }

    /** Licences that are lost if the machine is (L17). */
    public record Stake(UUID hostId, String server, String activationCode, int total) {}

    /** A host that must not be restarted or taken away by anyone now (P9), and which step of which run forbids it. */
    public record Lock(UUID hostId, String host, UUID runId, String step, Instant since) {}

    @Nullable
    UUID runId() {
        Run now = run;
        return now == null ? null : now.id();
    }

    Set<String> acknowledged(String interlock) {
        return words.getOrDefault(interlock, Set.of());
    }

    /** Whether anything but looking and saving has begun. */
    boolean changed() {
        Run now = run;
        return now != null
                && plan.steps().anyMatch(s -> switch (s.action().milestone()) {
                    case PREFLIGHT_PASSED, BACKUP_TAKEN -> false;
                    case NONE,
                            NODE_DRAINED,
                            NODE_ENTERED_UPDATE_MODE,
                            NODE_UPDATED,
                            SCHEMA_RENEWED,
                            NODE_RETURNED_TO_NORMAL_MODE,
                            PROVEN ->
                        !(s.action() instanceof Gate) && now.state(s.id()).attempt() > 0;
                });
    }

    /** The longest that the next host to be begun may take; zero when none is left. */
    Duration nextHost() {
        Run now = run;
        return plan.stages().stream()
                .flatMap(stage -> stage.lanes().stream())
                .filter(lane -> !lane.steps().isEmpty()
                        && (now == null
                                || (now.state(lane.steps().getFirst().id()) instanceof Pending pending
                                        && pending.attempt() == 0)))
                .findFirst()
                .map(lane -> lane.steps().stream().map(Step::max).reduce(Duration.ZERO, Duration::plus))
                .orElse(Duration.ZERO);
    }

    /**
     * How long the service will be away: the longest of all hosts' outages. A host whose outage has begun does not count: going on
     * is what ends it.
     *
     * @param p95 of a step
     */
    public static Duration outage(Plan plan, @Nullable Run run, Function<Step, Duration> p95) {
        return plan.targets().stream()
                .map(target -> {
                    List<Step> outage = plan.steps()
                            .filter(s -> s.hostId().equals(target.hostId()) && s.is(Trait.OUTAGE))
                            .toList();
                    boolean begun = run != null
                            && outage.stream().anyMatch(s -> run.state(s.id()).attempt() > 0);
                    return begun ? Duration.ZERO : outage.stream().map(p95).reduce(Duration.ZERO, Duration::plus);
                })
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Where a step that forbids it (P9) has begun and is not done: failed ones count, for the host is half-way. */
    public static List<Lock> locks(Run run) {
        return run.plan()
                .steps()
                .filter(s -> s.is(Trait.NEVER_REBOOT))
                .flatMap(s -> switch (run.state(s.id())) {
                    case StepState.Running r -> java.util.stream.Stream.of(lock(run, s, r.since()));
                    case StepState.Failed f -> java.util.stream.Stream.of(lock(run, s, f.since()));
                    case StepState.Pending p -> java.util.stream.Stream.<Lock>empty();
                    case StepState.Waiting w -> java.util.stream.Stream.<Lock>empty();
                    case StepState.Succeeded d -> java.util.stream.Stream.<Lock>empty();
                    case StepState.Skipped d -> java.util.stream.Stream.<Lock>empty();
                })
                .toList();
    }

    private static Lock lock(Run run, Step step, Instant since) {
        return new Lock(step.hostId(), run.plan().target(step.hostId()).name(), run.id(), step.title(), since);
    }
}
