package dev.interlock.upgrade.app;

import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Host;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What inventory has told us: this service's own copy. */
public interface Estate {
    void host(HostState state);

    void hostGone(UUID id);

    void deployment(DeploymentState state);

    void deploymentGone(UUID id);

    Optional<Deployment> deployment(UUID id);

    Map<UUID, Host> hosts(Collection<UUID> ids);
}
