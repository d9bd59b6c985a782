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
     */
    record OrphanFound(
            UUID deploymentId,
            String orphanId,

            @OneOf({"server", "load-balancer", "console", "node"})
            String kind,

            String registeredName,
            @Nullable String registeredAddress,
            Instant observedAt)
            implements AboutDeployment {}

    /** A registration found to be an orphan is gone (G2). */
    record OrphanRemoved(
            UUID deploymentId,
            String orphanId,

            @OneOf({"server", "load-balancer", "console", "node"})
            String kind,

            String registeredName,
            Instant observedAt)
            implements AboutDeployment {}

    /**
     * A host's clock is further from ours than its product allows (G5: one minute).
     *
     * @param offsetMillis the host's clock minus ours; positive is ahead
     * @param errorMillis the offset is right to ± this
     * @param limitMillis allowed either way
     */
    record ClockSkewDetected(
            UUID hostId, String name, long offsetMillis, long errorMillis, long limitMillis, Instant observedAt)
            implements AboutHost {}

    /** The clock is right again; after a reset by hand the HA services want a restart (G6). */
    record ClockSkewCleared(
            UUID hostId, String name, long offsetMillis, long errorMillis, long limitMillis, Instant observedAt)
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
