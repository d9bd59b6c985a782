package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a probe brought to light. */
public sealed interface Finding {

    record Discovered() implements Finding {}

    record FactsChanged(List<Facts.Difference> differences) implements Finding {}

    /** A product came ({@code from} is null), went ({@code to} is null) or has another version. */
    record ComponentChanged(
            Product product,
            String variant,
            @Nullable String from,
            @Nullable String to) implements Finding {}

    record BecameUnreachable(Trouble trouble) implements Finding {}

    record BecameReachable(@Nullable Instant unreachableSince) implements Finding {}

    record KeyChanged(HostKey expected, HostKey presented) implements Finding {}

    record SkewDetected(ClockReading clock, Duration limit) implements Finding {}

    record SkewCleared(ClockReading clock, Duration limit) implements Finding {}
}
