package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Condition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What was found out about deployments: registrations, orphans, clocks. */
public interface Conditions {

    /** Those of which anything is known. */
    Map<UUID, Condition> all(Collection<UUID> deployments);

    default Condition of(UUID deployment) {
        return all(List.of(deployment)).getOrDefault(deployment, Condition.UNKNOWN);
    }

    void save(UUID deployment, Condition condition);
}
