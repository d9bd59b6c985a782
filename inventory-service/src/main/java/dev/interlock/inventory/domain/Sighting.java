package dev.interlock.inventory.domain;

import java.time.Instant;
import java.util.List;

/** The last time that a host was read. */
public record Sighting(Facts facts, Gauges gauges, List<Installed> components, Instant at) {

    public Sighting {
        components = List.copyOf(components);
    }

    public List<Conflict> conflicts() {
        return Conflict.in(facts);
    }
}
