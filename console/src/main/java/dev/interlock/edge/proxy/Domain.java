package dev.interlock.edge.proxy;

import java.util.Arrays;
import java.util.Optional;

/** One of the four APIs: {@code /api/<word>/…}. */
enum Domain {
    INVENTORY("inventory", "inventory-service"),
    LICENSES("licenses", "license-service"),
    UPGRADES("upgrades", "upgrade-service"),
    AGENTS("agents", "agent-monitor");

    private final String word;
    private final String service;

    Domain(String word, String service) {
        this.word = word;
        this.service = service;
    }

    String word() {
        return word;
    }

    /** Who answers, in the words of the guide. */
    String service() {
        return service;
    }

    static Optional<Domain> of(String word) {
        return Arrays.stream(values())
                .filter(domain -> domain.word.equals(word))
                .findFirst();
    }
}
