package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that will be done, as data: it is shown, hashed, approved by its hash, simulated and run.
 *
 * @param from the lowest version found in the deployment
 * @param notes what a reader should know before approving
 */
public record Plan(
        String product,
        UUID deploymentId,
        String deployment,
        Version from,
        Version target,
        String repository,
        Limits limits,
        @Nullable Window window,
        List<Target> targets,
        List<Stage> stages,
        List<String> notes) {
    public Plan {
        targets = List.copyOf(targets);
        stages = List.copyOf(stages);
        notes = List.copyOf(notes);
        long ids = stages.stream()
                .flatMap(s -> s.lanes().stream())
                .flatMap(l -> l.steps().stream())
                .map(Step::id)
                .distinct()
                .count();
        if (ids
                != stages.stream()
                        .flatMap(s -> s.lanes().stream())
                        .mapToLong(l -> l.steps().size())
                        .sum()) {
            throw new IllegalArgumentException("two steps of one plan have the same id");
        }
    }

    /** All steps in the order in which the plan shows them. */
    public Stream<Step> steps() {
        return stages.stream().flatMap(s -> s.lanes().stream()).flatMap(l -> l.steps().stream());
    }

    public Target target(UUID hostId) {
        return targets.stream()
                .filter(t -> t.hostId().equals(hostId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("host " + hostId + " is not in the plan"));
    }

    /** How long the run should take when nothing goes wrong. */
    public Duration expected() {
        return stages.stream().map(stage -> stage.lasting(Step::expected)).reduce(Duration.ZERO, Duration::plus);
    }

    /** After which every step would have timed out; what a maintenance window must hold in the worst case (K4). */
    public Duration maximum() {
        return stages.stream().map(stage -> stage.lasting(Step::max)).reduce(Duration.ZERO, Duration::plus);
    }

    /**
     * @param concurrency how many hosts may be worked on at once
     * @param canary how many hosts go first, alone; one failure among them stops the run
     * @param failureThreshold at how many failed hosts no other host is begun; null: the others always go on
     */
    public record Limits(
            int concurrency, int canary, @Nullable Integer failureThreshold) {
        public Limits {
            if (concurrency < 1 || concurrency > 1000) {
                throw new IllegalArgumentException("concurrency must be 1 to 1000");
            }
            if (canary < 0) {
                throw new IllegalArgumentException("canary must not be negative");
            }
            if (failureThreshold != null && failureThreshold < 1) {
                throw new IllegalArgumentException("failureThreshold must be 1 or more");
            }
        }
    }

    /**
     * A host as it was when the plan was made: what is compared to find drift.
     *
     * @param variant how the product is installed there
     * @param version the lowest of its packages
     * @param packages the packages to be upgraded, with their versions
     */
    public record Target(
            UUID hostId,
            String name,
            String address,
            int port,
            String user,
            String credential,
            String hostKey,
            String role,
            String variant,
            Version version,
            Map<String, String> packages,
            List<String> units) {
        public Target {
            packages = java.util.Collections.unmodifiableMap(new TreeMap<>(packages));
            units = List.copyOf(units);
        }
    }
}
