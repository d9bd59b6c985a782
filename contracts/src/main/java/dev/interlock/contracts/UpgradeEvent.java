package dev.interlock.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What upgrade-service tells the world. Keyed by deployment id, so one deployment's story stays in order from plan to
 * end.
 */
public sealed interface UpgradeEvent extends Event {

    @Override
    default Channel channel() {
        return Channel.UPGRADE_EVENTS;
    }

    /** About one plan for a deployment. */
    sealed interface AboutPlan extends UpgradeEvent {
        UUID deploymentId();

        UUID planId();

        @Override
        default String key() {
            return deploymentId().toString();
        }
    }

    /** About one run, which carries a plan out. */
    sealed interface AboutRun extends AboutPlan {
        UUID runId();
    }

    /** About one host in a run. */
    sealed interface AboutNode extends AboutRun {
        /** The plan's id of the step, unique in the run. */
        String stepId();

        UUID hostId();

        String hostName();
    }

    /**
     * A plan stands and waits for another person's word.
     *
     * @param planHash SHA-256 of the plan's canonical form, in hex; an approval binds to it
     * @param fromVersion the lowest version found in the deployment
     * @param nodes hosts that will be upgraded
     * @param expectedSeconds of the whole run
     * @param maximumSeconds after which every step would have timed out; what the window must hold (K4, L37)
     * @param windowStartsAt before which it does not start; null if any time will do
     */
    record UpgradePlanned(
            UUID deploymentId,
            String deploymentName,
            UUID planId,
            String planHash,
            String product,
            String fromVersion,
            String toVersion,
            int nodes,
            int steps,
            long expectedSeconds,
            long maximumSeconds,
            @Nullable Instant windowStartsAt,
            @Nullable Instant windowEndsAt,
            String plannedBy)
            implements AboutPlan {}

    /** Somebody other than the planner approved exactly this plan. */
    record UpgradeApproved(
            UUID deploymentId,
            UUID planId,
            String planHash,
            String approvedBy,
            @Nullable String comment) implements AboutPlan {}

    record UpgradeRejected(UUID deploymentId, UUID planId, String planHash, String rejectedBy, String reason)
            implements AboutPlan {}

    /** A run began. */
    record UpgradeStarted(
            UUID deploymentId,
            String deploymentName,
            UUID planId,
            UUID runId,
            String planHash,
            String product,
            String fromVersion,
            String toVersion,
            int nodes,
            int steps,
            String startedBy)
            implements AboutRun {}

    /**
     * One check before or after a change.
     *
     * @param name stable, for example {@code disk-space}
     * @param clause of REQUIREMENTS that asks for it, for example {@code K2}; null if none does
     * @param observed what was seen, for a person
     */
    record Check(String name, @Nullable String clause, boolean held, String observed) {}

    /**
     * Everything that must hold before a change does.
     *
     * @param hostId null if the checks are about the deployment as a whole
     */
    record PreflightPassed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            @Nullable UUID hostId,
            @Nullable String hostName,
            List<Check> checks)
            implements AboutRun {}

    /**
     * Something that must hold before a change does not; nothing was changed.
     *
     * @param hostId null if the checks are about the deployment as a whole
     * @param checks all of them, those that held too
     */
    record PreflightFailed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            @Nullable UUID hostId,
            @Nullable String hostName,
            List<Check> checks,
            String reason,
            String nextStep)
            implements AboutRun {}

    /**
     * A machine's snapshot exists (P5, P10).
     *
     * @param reference under which the hypervisor knows it
     */
    record SnapshotTaken(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            String reference,
            Instant takenAt)
            implements AboutNode {}

    /**
     * A backup exists and was proven readable (G3, P15).
     *
     * @param what was saved: {@code database}, {@code configuration}, {@code environment}
     * @param reference path or name under which it is kept
     * @param sha256 in hex, null where it could not be had
     */
    record BackupTaken(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            String what,
            String reference,
            long bytes,
            @Nullable String sha256,
            Instant takenAt)
            implements AboutNode {}

    /**
     * A host takes no more work: its services are stopped (K5), or the load balancer sends nothing new to it (C13).
     *
     * @param drainedFrom what no longer reaches it: {@code services}, or the load balancer's name
     * @param sessionsLeft still open; null if not known
     */
    record NodeDrained(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            String drainedFrom,
            @Nullable Integer sessionsLeft)
            implements AboutNode {}

    /** A server works on a local copy of the database (G11): {@code n} of {@code m} do now. */
    record NodeEnteredUpdateMode(
            UUID deploymentId, UUID planId, UUID runId, String stepId, UUID hostId, String hostName, int n, int m)
            implements AboutNode {}

    /** A host runs the new version, and this was proven (G14, K10): {@code n} of {@code m} do now. */
    record NodeUpdated(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            String fromVersion,
            String toVersion,
            int n,
            int m,
            List<Check> checks)
            implements AboutNode {}

    /** The last server updated renewed the schema of the productive database (G16). */
    record SchemaRenewed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            String schemaVersion)
            implements AboutNode {}

    /** A server is on the productive database again (G17, G25): {@code n} of {@code m} are now. */
    record NodeReturnedToNormalMode(
            UUID deploymentId, UUID planId, UUID runId, String stepId, UUID hostId, String hostName, int n, int m)
            implements AboutNode {}

    /** The new machine answers on the old one's address, and the old one does not (C8–C10). */
    record AddressTakenOver(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            UUID fromHostId,
            String address)
            implements AboutNode {}

    /** A new machine does the work of an old one (C1, C20): {@code n} of {@code m} are replaced. */
    record NodeReplaced(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            UUID hostId,
            String hostName,
            UUID replacedHostId,
            String toVersion,
            int n,
            int m)
            implements AboutNode {}

    /**
     * The run waits for a person.
     *
     * @param gateId the plan's id of the gate, unique in the run
     * @param question what the person confirms or decides
     * @param role who may answer
     */
    record GateOpened(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String gateId,
            @Nullable UUID hostId,
            @Nullable String clause,
            String question,

            @OneOf({"operator", "approver", "admin"}) String role)
            implements AboutRun {}

    /** A person answered; the run goes on. */
    record GatePassed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String gateId,
            @Nullable UUID hostId,
            String answer,
            @Nullable String comment,
            String passedBy)
            implements AboutRun {}

    /**
     * A step did not do what it is for.
     *
     * @param hostId null if the step is about the deployment as a whole
     * @param action what it was doing, for example {@code stop-services}
     * @param attempt which try, from 1
     * @param reason short and stable, for example {@code timed-out}, {@code host-unreachable}, {@code exit-1}
     * @param detail the end of what the host said, without secrets
     * @param onFailure what the plan says a failure means
     * @param nextStep what the product does next or a person should do
     */
    record StepFailed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String stepId,
            @Nullable UUID hostId,
            @Nullable String hostName,
            String action,
            @Nullable String clause,
            int attempt,
            String reason,
            String detail,

            @OneOf({"retry", "stop-and-ask", "undo"}) String onFailure,

            String nextStep)
            implements AboutRun {}

    /** @param pausedBy a person's name, or {@code interlock} when the product paused it itself */
    record UpgradePaused(
            UUID deploymentId,
            UUID planId,
            UUID runId,

            @OneOf({"operator", "step-failed", "interlock", "window-closed"})
            String cause,

            String reason,
            String pausedBy)
            implements AboutRun {}

    record UpgradeResumed(UUID deploymentId, UUID planId, UUID runId, String reason, String resumedBy)
            implements AboutRun {}

    /**
     * A person ended the run at a safe point: no host is half-way.
     *
     * @param updatedNodes hosts that already run the new version
     */
    record UpgradeAborted(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String reason,
            String abortedBy,
            int updatedNodes,
            int nodes,
            double seconds)
            implements AboutRun {}

    /**
     * Every step is done and every post-check held, but for steps a person skipped with a reason.
     *
     * @param seconds from start to end
     */
    record UpgradeCompleted(
            UUID deploymentId,
            String deploymentName,
            UUID planId,
            UUID runId,
            String product,
            String fromVersion,
            String toVersion,
            int updatedNodes,
            int nodes,
            int steps,
            int skippedSteps,
            int postchecksHeld,
            int postchecksFailed,
            double seconds)
            implements AboutRun {}

    /**
     * The run ended without doing what it was for.
     *
     * @param updatedNodes hosts that already run the new version
     */
    record UpgradeFailed(
            UUID deploymentId,
            UUID planId,
            UUID runId,
            String reason,
            String nextStep,
            int updatedNodes,
            int nodes,
            double seconds)
            implements AboutRun {}

    /** Written by a newer service than this code knows: skipped. Never published. */
    record Unknown(String type) implements UpgradeEvent {
        @Override
        public String key() {
            throw new IllegalStateException("an unknown event has no key: " + type);
        }
    }
}
