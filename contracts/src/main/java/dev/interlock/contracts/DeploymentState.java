package dev.interlock.contracts;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A deployment (cluster) of one product as it is now. A retired one is a tombstone.
 *
 * @param settings what an operator said about it: variant, addresses, load balancer; never a secret
 */
public record DeploymentState(
        UUID deploymentId, String name, String product, List<Member> members, Map<String, String> settings)
        implements StateRecord {

    @Override
    public String key() {
        return deploymentId.toString();
    }

    @Override
    public Channel channel() {
        return Channel.INVENTORY_DEPLOYMENTS;
    }
}
