package dev.interlock.agent.domain;

import dev.interlock.agent.domain.GraceStory.Line;
import dev.interlock.agent.domain.GraceStory.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plays the service's part around the pure story: keeps validations and what was told. */
final class Storyteller {
    static final List<Duration> NOTICES =
            List.of(Duration.ofHours(72), Duration.ofHours(24), Duration.ofHours(4), Duration.ofHours(1));

    private final TreeSet<Validation> heard = new TreeSet<>();
    private @Nullable Told told;
    private @Nullable Instant wakeAt;

    List<Line> hears(int hour, Validation validation) {
        return heard.add(validation) ? tell(Histories.at(hour)) : List.of();
    }

    List<Line> wakes(int hour) {
        return tell(Histories.at(hour));
    }

    @Nullable
    Instant wakesAt() {
        return wakeAt;
    }

    @Nullable
    Told told() {
        return told;
    }

    List<GracePeriod> periods() {
        return GracePeriods.of(heard);
    }

    /** The same two look-ups as the service's, on the set. */
    Standing standing() {
        @Nullable
        Validation success = heard.reversed().stream()
                .filter(Validation::succeeded)
                .findFirst()
                .orElse(null);
        @Nullable Validation failure = success == null ? null : heard.higher(success);
        return Standing.of(success, failure);
    }

    private List<Line> tell(Instant now) {
        var next = GraceStory.tell(told, standing(), NOTICES, now);
        told = next.told();
        wakeAt = next.wakeAt();
        return next.lines();
    }
}
