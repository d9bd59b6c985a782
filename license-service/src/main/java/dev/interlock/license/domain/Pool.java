package dev.interlock.license.domain;

import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A purchase of session licences, split over servers. {@code seats} is the whole purchase (L10);
 * {@code expiresAt} is the first instant at which it authorises nothing (L18). {@code authority} is whose signed answers allot
 * it; null when this service itself does.
 */
public record Pool(
        ActivationCode code,
        int seats,
        String feature,
        Instant expiresAt,
        Map<ServerId, Allotment> allotments,
        Instant createdAt,
        @Nullable String authority) {
    public static final int LARGEST = 1_000_000;

    /** One that this service itself allots. */
    public Pool(
            ActivationCode code,
            int seats,
            String feature,
            Instant expiresAt,
            Map<ServerId, Allotment> allotments,
            Instant createdAt) {
        this(code, seats, feature, expiresAt, allotments, createdAt, null);
    }

    public Pool {
        if (seats < 1 || seats > LARGEST) {
            throw new IllegalArgumentException("a purchase has 1 to " + LARGEST + " seats, not " + seats);
        }
        allotments = Map.copyOf(allotments);
        long active = allotments.values().stream().mapToLong(Allotment::usable).sum();
        if (active > seats) {
            throw new IllegalArgumentException(active + " licences active of " + seats);
        }
    }

    /**
     * Sets the total for one server; it never adds (L14). A lower total returns the difference, 0 returns all (L15).
     *
     * <p>An expired purchase can still be returned, but no more of it activated. A licence that a session holds cannot be
     * returned: it could be activated elsewhere at once and would then carry two sessions (L11, L12).
     */
    public Activation activate(ServerId server, int total, Instant now) {
        if (total < 0) {
            throw new IllegalArgumentException("a total is never negative: " + total);
        }
        Allotment before = on(server);
        int available = seats - activeTotal() + before.usable();
        if (total > before.usable() && isExpired(now)) {
            return new PoolHasExpired(expiresAt);
        }
        if (total > available) {
            return new CountExceeded(total, available, seats);
        }
        if (total < before.inUse()) {
            return new LicensesInUse(total, before.inUse());
        }
        var after = new TreeMap<ServerId, Allotment>(Comparator.comparing(ServerId::value));
        after.putAll(allotments);
        after.put(server, new Allotment(total, before.inUse()));
        return new Activated(
                new Pool(code, seats, feature, expiresAt, after, createdAt, authority), total, total - before.total());
    }

    /** The servers that hold licences of it, most first. */
    public List<ServerId> holders() {
        return allotments.entrySet().stream()
                .filter(held -> held.getValue().total() > 0)
                .sorted(Comparator.<Map.Entry<ServerId, Allotment>>comparingInt(
                                held -> -held.getValue().total())
                        .thenComparing(held -> held.getKey().value()))
                .map(Map.Entry::getKey)
                .toList();
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    public Allotment on(ServerId server) {
        return allotments.getOrDefault(server, Allotment.NONE);
    }

    public int activeTotal() {
        return allotments.values().stream().mapToInt(Allotment::usable).sum();
    }

    public int inUse() {
        return allotments.values().stream().mapToInt(Allotment::inUse).sum();
    }

    /** Licences of the purchase that no server holds. */
    public int available() {
        return seats - activeTotal();
    }
}
