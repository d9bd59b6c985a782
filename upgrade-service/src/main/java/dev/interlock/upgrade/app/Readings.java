package dev.interlock.upgrade.app;

import dev.interlock.contracts.AgentState;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Situation.Coverage;
import dev.interlock.upgrade.domain.Situation.Lock;
import dev.interlock.upgrade.domain.Situation.Stake;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.Took;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What this service has been told by others, as far as interlocks need it: its own copy. */
public interface Readings {
    void agent(AgentState state);

    void agentGone(UUID id);

    void licenseServer(UUID id, String name, String kind, @Nullable String address);

    /** It is nobody's any more, and another one may stand at its address. Agents that name it still depend on it. */
    void licenseServerGone(UUID id);

    /** @param at when it was so; what comes later and is older changes nothing */
    void total(UUID licenseServerId, String activationCode, String feature, int total, Instant at);

    /**
     * The license server that a deployment runs: what its setting {@code licenseServerId} names, by id or name; or the only one whose
     * address is a member's.
     */
    Optional<UUID> licenseServerOf(Deployment deployment);

    Coverage coverage(UUID licenseServerId);

    /** Licences active on hosts that run license servers; those of others are unknown. */
    List<Stake> stakes(Deployment deployment, UUID licenseServerId);

    /** What the product has registered and does not exist; null while the two have not been compared. */
    @Nullable
    List<String> orphans(UUID deploymentId);

    /** A sentence while two members' clocks are too far apart. */
    @Nullable
    String clockSkew(UUID deploymentId);

    /** What it is called; empty while nobody has told. */
    Optional<String> licenseServerName(UUID licenseServerId);

    /** How long steps of a product took in its latest runs, by {@link Step#kind}. */
    Map<String, Took> took(String product);

    /** Of all runs, at these hosts; null: at all. */
    List<Lock> locks(@Nullable Collection<UUID> hosts);
}
