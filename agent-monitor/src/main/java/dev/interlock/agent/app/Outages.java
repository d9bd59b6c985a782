package dev.interlock.agent.app;

import dev.interlock.agent.domain.OutageStory.Agents;
import dev.interlock.agent.domain.OutageStory.Outage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Incidents, one a license server at most. */
public interface Outages {
    /** Those on record. */
    Map<UUID, Outage> all();

    /** Also keeps others from changing it until the transaction ends; empty when there is none. */
    Optional<Outage> lock(UUID licenseServerId);

    void save(UUID licenseServerId, Outage outage);

    void forget(UUID licenseServerId);

    /** License servers some of whose agents fail. */
    List<UUID> failing();

    Agents agents(UUID licenseServerId, Instant now);
}
