package dev.interlock.upgrade.domain;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The hosts that together run one product, and as what. */
public record Deployment(UUID id, String name, String product, List<Member> members, Map<String, String> settings) {
    public Deployment {
        members = List.copyOf(members);
        settings = Map.copyOf(settings);
    }

    public record Member(UUID hostId, String role) {}
}
