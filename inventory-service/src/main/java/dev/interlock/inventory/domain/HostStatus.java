package dev.interlock.inventory.domain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of a host's reachability. */
public enum HostStatus {
    /** Never reached, and nothing speaks against it yet. */
    NEW,
    REACHABLE,
    UNREACHABLE,
    /** It showed another key than the pinned one: nobody talks to it until a person has decided. */
    HOST_KEY_CHANGED,
    /** Out of the inventory, kept for history. */
    RETIRED;

    /** The name in every API and event: {@code host-key-changed}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<HostStatus> of(String slug) {
        return Arrays.stream(values())
                .filter(status -> status.slug().equals(slug))
                .findFirst();
    }

    /** For sentences. */
    public static String names() {
        return Arrays.stream(values()).map(HostStatus::slug).collect(Collectors.joining(", "));
    }
}
