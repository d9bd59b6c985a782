package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Steps that may be going on together. A stage begins when nothing of the stages before it can go on.
 *
 * @param width how many lanes may be going on at once
 * @param haltOnFailure true when one failed lane stops the whole run (a canary); otherwise only its host stays behind
 * @param noWayBack why the run cannot be aborted from the first step of such a stage to the last of the last such stage; null where
 *     it can
 */
public record Stage(
        String name,
        int width,
        boolean haltOnFailure,
        @Nullable String noWayBack,
        List<Lane> lanes) {
    public Stage {
        lanes = List.copyOf(lanes);
        if (width < 1) {
            throw new IllegalArgumentException("a stage needs room for one lane at least");
        }
    }

    /** The same on each host, at most {@code width} at once; no stage where there is no host. */
    static Optional<Stage> of(
            String name,
            int width,
            boolean haltOnFailure,
            @Nullable String noWayBack,
            List<Target> hosts,
            Function<Target, List<Step>> steps) {
        return hosts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Stage(name, width, haltOnFailure, noWayBack, lanes(hosts, steps)));
    }

    static List<Lane> lanes(List<Target> hosts, Function<Target, List<Step>> steps) {
        return hosts.stream()
                .map(host -> new Lane(host.hostId(), host.name(), steps.apply(host)))
                .toList();
    }

    /** How long all lanes take, as many at once as there is room for, if each takes as long as the longest. */
    Duration lasting(Function<Step, Duration> of) {
        Duration longest = lanes.stream()
                .map(lane -> lane.steps().stream().map(of).reduce(Duration.ZERO, Duration::plus))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return longest.multipliedBy((lanes.size() + width - 1L) / width);
    }

    /** One host's steps, one after the other. */
    public record Lane(UUID hostId, String hostName, List<Step> steps) {
        public Lane {
            steps = List.copyOf(steps);
        }
    }
}
