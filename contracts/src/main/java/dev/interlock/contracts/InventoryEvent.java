package dev.interlock.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What inventory-service tells the world. Host events are keyed by host id, deployment and orphan events by deployment
 * id.
 */
public sealed interface InventoryEvent extends Event {

    @Override
    default Channel channel() {
        return Channel.INVENTORY_EVENTS;
    }

    /** About one host; keyed by its id. */
    sealed interface AboutHost extends InventoryEvent {
        UUID hostId();

        @Override
        default String key() {
            return hostId().toString();
        }
    }

    /** About one deployment; keyed by its id. */
    sealed interface AboutDeployment extends InventoryEvent {
        UUID deploymentId();

        @Override
        default String key() {
            return deploymentId().toString();
        }
    }

    /**
     * A host answered for the first time.
     *
     * @param foundBy how the host came into the inventory
     * @param components the managed products found on it; empty if none is
     */
    record HostDiscovered(
            UUID hostId,
            String name,
            String address,
            int port,

            @OneOf({"api", "csv", "ansible", "discovery"}) String foundBy,

            @Nullable String osName,
            @Nullable String osVersion,
            List<Component> components,
            Instant observedAt)
            implements AboutHost {}

    /** A probe saw something other than the one before: packages, units, system, ports (K3, L8). */
    record HostFactsChanged(UUID hostId, String name, List<FactChange> changes, Instant observedAt)
            implements AboutHost {}

    /**
     * One fact, before and after.
     *
     * @param fact its path, for example {@code packages.kcm}, {@code units.guacd}, {@code os.version}
     * @param before null if it was not there
     * @param after null if it is gone
     */
    record FactChange(
            String fact, @Nullable String before, @Nullable String after) {}

    /**
     * A managed product came, went or changed its version (K3, K10).
     *
     * @param fromVersion null if it was not there
     * @param toVersion null if it is gone
     */
    record ComponentVersionChanged(
            UUID hostId,
            String name,
            String product,
            String variant,
            @Nullable String fromVersion,
            @Nullable String toVersion,
            Instant observedAt)
            implements AboutHost {}

    /**
     * A host that could be reached, or was never tried, does not answer a probe.
     *
     * @param since the first probe that failed
     * @param lastSeenAt null if no probe ever succeeded
     */
    record HostUnreachable(
            UUID hostId,
            String name,
            String address,
            int port,

            @OneOf({
                "refused",
                "unreachable",
                "timed-out",
                "connection-lost",
                "authentication-failed",
                "host-key-unknown",
                "credential-missing",
                "command-failed"
            })
            String reason,

            String detail,
            Instant since,
            @Nullable Instant lastSeenAt)
            implements AboutHost {}

    /**
     * An unreachable host answers again.
     *
     * @param unreachableSince the first probe that had failed
     */
    record HostReachable(
            UUID hostId,
            String name,
            Instant since,
            @Nullable Instant unreachableSince) implements AboutHost {}

    /** A person took the host out of the inventory. */
    record HostRetired(UUID hostId, String name, String reason, String retiredBy) implements AboutHost {}

    record DeploymentRegistered(
            UUID deploymentId,
            String name,
            String product,
            List<Member> members,
            Map<String, String> settings,
            String registeredBy)
            implements AboutDeployment {}

    /**
     * Name, members, roles or settings changed, or the deployment was retired. Carries the whole deployment after the
     * change.
     *
     * @param added members that were not there before, or had another role
     * @param removed members that are gone, or had another role
     */
    record DeploymentChanged(
            UUID deploymentId,
            String name,
            String product,
            List<Member> members,
            Map<String, String> settings,
            List<Member> added,
            List<Member> removed,
            boolean retired,
            String changedBy)
            implements AboutDeployment {}

    /**
     * The product lists a server, load balancer or node that does not exist (G2, G24).
     *
     * @param orphanId the product's own id of the registration
     * @param registeredName under which the product knows it
     * @param registeredVersion as the product tells it
     * @param readOn name of the member on which the product's list was read
     * @param readBy the command that listed it
     * @param comparedWith names of the deployment's members, none of which it is
     * @param next what to do, in one sentence
     */
    record OrphanFound(
            UUID deploymentId,
            String orphanId,

            @OneOf({"server", "load-balancer", "console", "node"})
            String kind,

            String registeredName,
            @Nullable String registeredAddress,
            Instant observedAt,
            @Nullable String registeredVersion,
            @Nullable String readOn,
            @Nullable String readBy,
            @Nullable List<String> comparedWith,
            @Nullable String next)
            implements AboutDeployment {}

    /**
     * A registration is no orphan any more (G2).
     *
     * @param reason whether the product lists it no more, it was found to be a member, or the deployment is retired
     * @param readOn name of the member on which the product's list was read
     */
    record OrphanRemoved(
            UUID deploymentId,
            String orphanId,

            @OneOf({"server", "load-balancer", "console", "node"})
            String kind,

            String registeredName,
            Instant observedAt,

            @OneOf({"unregistered", "member", "deployment-retired"}) @Nullable
            String reason,

            @Nullable String readOn)
            implements AboutDeployment {}

    /**
     * A clock is further off than a product allows (G5: one minute). With {@code deploymentId}: two members of that deployment
     * are further apart than that, this host and {@code otherHostId}; without: the host's clock is that far from ours. Each is
     * cleared for itself.
     *
     * @param offsetMillis the host's clock minus the other member's, or ours; positive is ahead
     * @param errorMillis the offset is right to ± this
     * @param limitMillis allowed either way
     * @param otherName of the other member
     */
    record ClockSkewDetected(
            UUID hostId,
            String name,
            long offsetMillis,
            long errorMillis,
            long limitMillis,
            Instant observedAt,
            @Nullable UUID deploymentId,
            @Nullable UUID otherHostId,
            @Nullable String otherName)
            implements AboutHost {}

    /**
     * The clock is right again, or all clocks of the deployment are; after a reset by hand the HA services want a restart (G6).
     *
     * @param offsetMillis with {@code deploymentId}: the widest difference now between any two members
     */
    record ClockSkewCleared(
            UUID hostId,
            String name,
            long offsetMillis,
            long errorMillis,
            long limitMillis,
            Instant observedAt,
            @Nullable UUID deploymentId)
            implements AboutHost {}

    /**
     * A host presented another key than the pinned one; nothing talks to it until a person has decided.
     *
     * @param expectedFingerprint of the pinned key, as {@code SHA256:…}
     * @param presentedFingerprint of the key it showed, as {@code SHA256:…}
     */
    record HostKeyChanged(
            UUID hostId,
            String name,
            String address,
            int port,
            String expectedFingerprint,
            String presentedFingerprint,
            Instant observedAt)
            implements AboutHost {}

    /** Written by a newer service than this code knows: skipped. Never published. */
    record Unknown(String type) implements InventoryEvent {
        @Override
        public String key() {
            throw new IllegalStateException("an unknown event has no key: " + type);
        }
    }
}
