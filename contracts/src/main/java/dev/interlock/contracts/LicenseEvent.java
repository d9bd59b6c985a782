package dev.interlock.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What license-service tells the world. Server and session events are keyed by license server id, pool events by
 * activation code, so that one pool's events stay in order.
 */
public sealed interface LicenseEvent extends Event {

    @Override
    default Channel channel() {
        return Channel.LICENSE_EVENTS;
    }

    /** About one license server; keyed by its id. */
    sealed interface AboutServer extends LicenseEvent {
        UUID licenseServerId();

        @Override
        default String key() {
            return licenseServerId().toString();
        }
    }

    /** About one pool, which is one purchase (L10); keyed by its activation code, exact in case and dashes (L13). */
    sealed interface AboutPool extends LicenseEvent {
        String activationCode();

        @Override
        default String key() {
            return activationCode();
        }
    }

    /** About a session; keyed by license server id, on the topic of high volume. */
    sealed interface AboutSession extends LicenseEvent {
        UUID licenseServerId();

        UUID agentId();

        String user();

        @Override
        default String key() {
            return licenseServerId().toString();
        }

        @Override
        default Channel channel() {
            return Channel.LICENSE_SESSIONS;
        }
    }

    /**
     * @param kind {@code native} counts here; {@code pcoip} is a PCoIP License Server that this product looks after; {@code
     *     flexnet} is one that license-service reads and drives by itself
     * @param address where agents reach it, for example {@code https://host:7071/request} (L63); null if nowhere yet
     * @param hostId the host of the inventory on which it runs; null if nobody has said so
     */
    record LicenseServerRegistered(
            UUID licenseServerId,
            String name,

            @OneOf({"native", "pcoip", "flexnet"}) String kind,

            @Nullable String address,
            @Nullable UUID hostId,
            String registeredBy)
            implements AboutServer {}

    /**
     * A license server went up or down; anything but {@code success} from its database check is down (L84).
     *
     * @param cause for a failure, in the words of L87–L90: what a person looks at first
     */
    record LicenseServerHealthChanged(
            UUID licenseServerId,
            String name,

            @OneOf({"up", "down", "unknown"}) String before,

            @OneOf({"up", "down", "unknown"}) String after,

            @Nullable String cause,
            Instant observedAt)
            implements AboutServer {}

    /**
     * A license server was taken out of service: nothing is counted or activated on it any more. What was active on one that was
     * lost is told by LicensesLost, before.
     *
     * @param reason in the words of who did it
     * @param lost it was destroyed, or its storage is corrupted for good (L17)
     */
    record LicenseServerRetired(UUID licenseServerId, String name, String reason, boolean lost, String retiredBy)
            implements AboutServer {}

    /**
     * A capability request was written on the server, to be carried to the portal (L21–L23).
     *
     * @param total the total wanted for the code on this server (L14)
     * @param requestHostId the VM UUID to which the answer will be bound (L22, L25)
     */
    record ActivationRequested(
            String activationCode, UUID licenseServerId, int total, String requestHostId, String requestedBy)
            implements AboutPool {}

    /**
     * The portal's answer was applied (L25–L28).
     *
     * @param lifetimeSeconds the file's own lifetime, or 24 h when it has none (L28)
     */
    record ResponseAccepted(
            String activationCode,
            UUID licenseServerId,
            String requestHostId,
            long lifetimeSeconds,
            Instant expiresAt,
            String appliedBy)
            implements AboutPool {}

    /** The portal's answer was refused, here or by the server (L24, L25, L28, L31, L32). */
    record ResponseRejected(
            String activationCode,
            UUID licenseServerId,

            @OneOf({
                "other-machine",
                "expired",
                "count-exceeded",
                "code-invalid",
                "unreadable",
                "other-request",
                "already-used",
                "too-large",
                "untrusted"
            })
            String reason,

            String detail,
            String nextStep)
            implements AboutPool {}

    /**
     * More licenses of a code are active on a server (L14, L16).
     *
     * @param total the total now active for the code on this server
     * @param change by how much it rose
     * @param seats of the whole purchase
     * @param activeEverywhere of this code, on all servers together
     */
    record LicensesActivated(
            String activationCode,
            UUID licenseServerId,
            String feature,
            int total,
            int change,
            int seats,
            int activeEverywhere,
            Instant expiresAt,
            String activatedBy)
            implements AboutPool {}

    /**
     * Licenses of a code were given back by a lower total (L15).
     *
     * @param total the total now active for the code on this server; 0 when all are returned
     * @param change by how much it fell, negative
     * @param seats of the whole purchase
     * @param activeEverywhere of this code, on all servers together
     */
    record LicensesReturned(
            String activationCode,
            UUID licenseServerId,
            String feature,
            int total,
            int change,
            int seats,
            int activeEverywhere,
            String returnedBy)
            implements AboutPool {}

    /**
     * Few licenses of a code are left on a server.
     *
     * @param total active for the code on this server
     * @param inUse by sessions now
     * @param thresholdPercent of use at which this is told
     */
    record PoolLow(
            String activationCode, UUID licenseServerId, String feature, int total, int inUse, int thresholdPercent)
            implements AboutPool {}

    /**
     * The last license of a code on a server went to a session (L11): the next one is refused unless another code has
     * one.
     *
     * @param total active for the code on this server, all of them in use
     */
    record PoolExhausted(String activationCode, UUID licenseServerId, String feature, int total, int inUse)
            implements AboutPool {}

    /** A pool expires soon; told at each configured number of days before (L18). */
    record PoolExpiring(String activationCode, String feature, int seats, Instant expiresAt, int daysLeft)
            implements AboutPool {}

    /** No new sessions from this pool; running ones are unaffected (L18). */
    record PoolExpired(String activationCode, String feature, int seats, Instant expiresAt) implements AboutPool {}

    /**
     * A session took one license (L11).
     *
     * @param activationCode of the pool that gave it
     * @param inUse of that pool on this server, this session included
     * @param total active for that pool on this server
     */
    record SessionAuthorized(
            UUID sessionId,
            UUID licenseServerId,
            UUID agentId,
            String user,
            String activationCode,
            String feature,
            int inUse,
            int total,
            Instant at)
            implements AboutSession {}

    /**
     * A session was refused.
     *
     * @param reason {@code no-license}: none is left (L11); {@code expired}: there are, but not valid any more (L18);
     *     {@code nothing-activated}: the server has none
     */
    record SessionDenied(
            UUID licenseServerId,
            UUID agentId,
            String user,

            @OneOf({"no-license", "expired", "nothing-activated"})
            String reason,

            int inUse,
            int total,
            Instant at)
            implements AboutSession {}

    /**
     * A session gave its license back.
     *
     * @param inUse of the pool on this server, afterwards
     */
    record SessionReleased(
            UUID sessionId,
            UUID licenseServerId,
            UUID agentId,
            String user,
            String activationCode,
            String feature,
            int inUse,
            int total,
            Instant at)
            implements AboutSession {}

    /** Main and backup are connected (L71–L80). Keyed by the main server's id. */
    record FailoverPairFormed(UUID licenseServerId, UUID backupServerId, String formedBy) implements AboutServer {}

    /**
     * Agents and Connection Managers were repointed to the backup (L82); usage figures are unreliable from now (L83).
     * Keyed by the main server's id.
     *
     * @param repointed how many agents and Connection Managers
     */
    record FailedOver(UUID licenseServerId, UUID backupServerId, String reason, int repointed, String by)
            implements AboutServer {}

    /** Agents and Connection Managers point to the main server again (L82). Keyed by the main server's id. */
    record FailedBack(UUID licenseServerId, UUID backupServerId, String reason, int repointed, String by)
            implements AboutServer {}

    /**
     * Admin commands are blocked after wrong passwords (L43); nothing tries again by itself.
     *
     * @param until ten minutes on, or earlier by a restart
     */
    record AdministratorLockedOut(UUID licenseServerId, int wrongPasswords, Instant until) implements AboutServer {}

    /** A server was destroyed or its storage corrupted while it held licenses: a ticket is needed (L17). */
    record LicensesLost(UUID licenseServerId, String cause, List<Lost> lost) implements AboutServer {}

    /** How many licenses of one code are gone with a server. */
    record Lost(String activationCode, String feature, int count) {}

    /** Trusted storage was moved or modified: the server refuses to start (L9). */
    record TrustedStorageCorrupted(UUID licenseServerId, String detail, Instant observedAt) implements AboutServer {}

    /** Written by a newer service than this code knows: skipped. Never published. */
    record Unknown(String type) implements LicenseEvent {
        @Override
        public String key() {
            throw new IllegalStateException("an unknown event has no key: " + type);
        }
    }
}
