package dev.interlock.contracts;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A deployment (cluster) of one product as it is now. A retired one is a tombstone.
 *
 * @param settings what an operator said about it: variant, addresses, load balancer; never a secret
 * @param orphans what the product has registered and is no member (G2); null while the two have not been compared, or
 *     cannot be for this product
 * @param clockSkew while two members' clocks are too far apart (G5); null otherwise
 */
public record DeploymentState(
        UUID deploymentId,
        String name,
        String product,
        List<Member> members,
        Map<String, String> settings,
        @Nullable List<Orphan> orphans,
        @Nullable ClockSkew clockSkew)
        implements StateRecord {

    /** Nothing was compared. */
    public DeploymentState(
            UUID deploymentId, String name, String product, List<Member> members, Map<String, String> settings) {
        this(deploymentId, name, product, members, settings, null, null);
    }

    @Override
    public String key() {
        return deploymentId.toString();
    }

    @Override
    public Channel channel() {
        return Channel.INVENTORY_DEPLOYMENTS;
    }
}
