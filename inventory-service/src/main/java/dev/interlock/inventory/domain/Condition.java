package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a deployment beyond what people said of it: orphans (G2) and clocks (G5).
 *
 * @param comparison null while registrations have never been read
 * @param unreadable why they could not be read last time; null when they could
 * @param skew while two members' clocks are too far apart
 */
public record Condition(
        @Nullable Comparison comparison,
        @Nullable String unreadable,
        List<FoundOrphan> orphans,
        @Nullable Skew skew) {

    public static final Condition UNKNOWN = new Condition(null, null, List.of(), null);

    public Condition {
        orphans = List.copyOf(orphans);
    }

    /**
     * The last list of registrations, which is compared again when members change.
     *
     * @param on the member on which it was read
     */
    public record Comparison(UUID on, String onName, Instant at, Registrations.Listed listed) {}

    /** @param since when it was first found */
    public record FoundOrphan(Orphan orphan, Instant since) {

        boolean is(Orphan other) {
            var one = orphan.registered();
            var another = other.registered();
            return one.kind().equals(another.kind()) && one.id().equals(another.id());
        }
    }

    /**
     * @param limit that was exceeded
     * @param since when it was first found
     */
    public record Skew(ClockSpread spread, Duration limit, Instant since) {}

    public Condition unreadable(String why) {
        return new Condition(comparison, why, orphans, skew);
    }

    public Condition skewed(@Nullable Skew now) {
        return new Condition(comparison, unreadable, orphans, now);
    }

    /**
     * The same list again changes nothing but its time. Of kinds that the list does not tell of, what was found stays, as nothing
     * speaks against it.
     */
    public Condition compared(Comparison list, List<Orphan> found) {
        var all = new ArrayList<FoundOrphan>();
        orphans.stream()
                .filter(before -> !list.listed()
                        .kinds()
                        .contains(before.orphan().registered().kind()))
                .forEach(all::add);
        for (var each : found) {
            all.add(new FoundOrphan(
                    each,
                    orphans.stream()
                            .filter(before -> before.is(each))
                            .map(FoundOrphan::since)
                            .findFirst()
                            .orElse(list.at())));
        }
        return new Condition(list, null, all, skew);
    }

    /** Orphans that {@code other} has not. */
    public List<FoundOrphan> orphansNotIn(Condition other) {
        return orphans.stream()
                .filter(each -> other.orphans.stream().noneMatch(known -> known.is(each.orphan())))
                .toList();
    }
}
