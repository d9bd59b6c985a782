package dev.interlock.standalone;

import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.UpgradeEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What an event says, in one line for people; ids become names where the story knows them. */
final class EventLine {
    private final Map<UUID, String> names = new ConcurrentHashMap<>();

    void name(UUID id, String name) {
        names.put(id, name);
    }

    private String named(UUID id) {
        return names.getOrDefault(id, id.toString());
    }

    String of(Object event) {
        return switch (event) {
            case InventoryEvent e -> inventory(e);
            case LicenseEvent e -> license(e);
            case AgentEvent e -> agent(e);
            case UpgradeEvent e -> upgrade(e);
            case HostState host -> host.name() + " is " + host.status() + ", " + components(host);
            case AgentState agent ->
                agent.name() + " is "
                        + (!agent.everLicensed()
                                ? "not licensed yet"
                                : agent.expired()
                                        ? "refused: its grace is over"
                                        : agent.graceEndsAt() == null
                                                ? "licensed"
                                                : "in grace until " + agent.graceEndsAt());
            case DeploymentState d -> d.name() + " of " + d.members().size() + " hosts";
            default -> event.toString();
        };
    }

    private static String components(HostState host) {
        return host.components().isEmpty()
                ? "nothing known runs on it"
                : host.components().stream()
                        .map(c -> c.product() + " " + c.version() + " (" + c.variant() + ")")
                        .collect(Collectors.joining(", "));
    }

    private String inventory(InventoryEvent event) {
        return switch (event) {
            case InventoryEvent.HostDiscovered e -> {
                name(e.hostId(), e.name());
                yield e.name() + ": " + e.osName() + " " + e.osVersion() + ", "
                        + e.components().stream()
                                .map(c -> c.product() + " " + c.version() + " (" + c.variant() + ")")
                                .collect(Collectors.joining(", "));
            }
            case InventoryEvent.ComponentVersionChanged e ->
                e.name() + ": " + e.product() + " " + e.fromVersion() + " → " + e.toVersion();
            case InventoryEvent.HostFactsChanged e ->
                e.name() + ": " + e.changes().size() + " facts changed";
            case InventoryEvent.HostUnreachable e -> e.name() + ": " + e.reason() + ", " + e.detail();
            case InventoryEvent.HostReachable e -> e.name();
            case InventoryEvent.OrphanFound e ->
                e.kind() + " " + e.registeredName() + " is registered in " + named(e.deploymentId())
                        + " and is no member" + (e.readOn() == null ? "" : ", read on " + e.readOn());
            case InventoryEvent.OrphanRemoved e ->
                e.kind() + " " + e.registeredName() + " is not registered any more in " + named(e.deploymentId());
            case InventoryEvent.DeploymentRegistered e -> {
                name(e.deploymentId(), e.name());
                yield e.name() + ": " + e.members().size() + " hosts of " + e.product();
            }
            default -> rest(event.getClass(), event.toString());
        };
    }

    private String license(LicenseEvent event) {
        return switch (event) {
            case LicenseEvent.LicenseServerRegistered e -> {
                name(e.licenseServerId(), e.name());
                yield e.name();
            }
            case LicenseEvent.LicensesActivated e ->
                e.total() + " of " + e.seats() + " seats of " + e.activationCode() + " on "
                        + named(e.licenseServerId());
            case LicenseEvent.SessionAuthorized e ->
                e.user() + " on " + named(e.agentId()) + ": " + e.inUse() + " of " + e.total() + " licences in use";
            case LicenseEvent.SessionDenied e ->
                e.user() + " on " + named(e.agentId()) + ": " + e.reason() + " (" + e.inUse() + " of " + e.total()
                        + ")";
            case LicenseEvent.SessionReleased e ->
                e.user() + " on " + named(e.agentId()) + ": " + e.inUse() + " of " + e.total() + " licences in use";
            case LicenseEvent.LicenseServerHealthChanged e ->
                e.name() + ": " + e.before() + " → " + e.after() + (e.cause() == null ? "" : ", " + e.cause());
            case LicenseEvent.PoolExhausted e -> e.activationCode() + ": all " + e.total() + " in use";
            default -> rest(event.getClass(), event.toString());
        };
    }

    private String agent(AgentEvent event) {
        return switch (event) {
            case AgentEvent.AgentRegistered e -> {
                name(e.agentId(), e.name());
                yield e.name();
            }
            case AgentEvent.AgentValidated e ->
                named(e.agentId()) + (e.first() ? ", for the first time" : "") + " (by " + e.source() + ")";
            case AgentEvent.AgentValidationFailed e -> named(e.agentId()) + ": " + e.reason();
            case AgentEvent.GracePeriodStarted e ->
                named(e.agentId()) + " may go on without its license server for "
                        + Duration.between(e.startedAt(), e.endsAt()).toHours() + " h";
            case AgentEvent.AlertRaised e -> e.severity() + ": " + e.summary();
            case AgentEvent.AlertCleared e -> e.reason();
            case AgentEvent.GracePeriodEnded e -> named(e.agentId()) + " has its license server back";
            default -> rest(event.getClass(), event.toString());
        };
    }

    private String upgrade(UpgradeEvent event) {
        return switch (event) {
            case UpgradeEvent.UpgradePlanned e ->
                e.deploymentName() + " " + e.fromVersion() + " → " + e.toVersion() + ": " + e.nodes() + " hosts, "
                        + e.steps() + " steps, by " + e.plannedBy();
            case UpgradeEvent.UpgradeApproved e ->
                "by " + e.approvedBy() + ", hash " + e.planHash().substring(0, 12) + "…";
            case UpgradeEvent.UpgradeStarted e -> e.deploymentName() + " by " + e.startedBy();
            case UpgradeEvent.PreflightPassed e ->
                (e.hostName() == null ? "" : e.hostName() + ": ") + e.checks().size() + " checks held";
            case UpgradeEvent.PreflightFailed e -> e.hostName() + ": " + e.reason();
            case UpgradeEvent.NodeDrained e -> e.hostName() + ": its " + e.drainedFrom() + " are stopped";
            case UpgradeEvent.NodeUpdated e ->
                e.hostName() + " runs " + e.toVersion() + " (" + e.n() + " of " + e.m() + "), "
                        + e.checks().size() + " checks held";
            case UpgradeEvent.GateOpened e -> e.clause() + ", for somebody with the role " + e.role();
            case UpgradeEvent.GatePassed e -> "by " + e.passedBy() + ": " + e.comment();
            case UpgradeEvent.BackupTaken e ->
                e.hostName() + ": the " + e.what() + ", " + e.bytes() + " bytes in " + e.reference();
            case UpgradeEvent.NodeEnteredUpdateMode e ->
                e.hostName() + " works on a copy of the database (" + e.n() + " of " + e.m() + ")";
            case UpgradeEvent.SchemaRenewed e -> e.hostName() + " renewed the schema to " + e.schemaVersion();
            case UpgradeEvent.NodeReturnedToNormalMode e ->
                e.hostName() + " is back on the productive database (" + e.n() + " of " + e.m() + ")";
            case UpgradeEvent.StepFailed e -> e.hostName() + ": " + e.detail() + " " + e.nextStep();
            case UpgradeEvent.UpgradePaused e -> e.reason();
            case UpgradeEvent.UpgradeCompleted e ->
                e.deploymentName() + ": " + e.updatedNodes() + " of " + e.nodes() + " hosts in "
                        + String.format(Locale.ROOT, "%.1f s", e.seconds());
            case UpgradeEvent.UpgradeFailed e -> e.reason() + " " + e.nextStep();
            default -> rest(event.getClass(), event.toString());
        };
    }

    /** Kinds of event that the story does not tell of, still readable. */
    private static String rest(Class<?> kind, String text) {
        return text.startsWith(kind.getSimpleName())
                ? text.substring(kind.getSimpleName().length())
                : text;
    }
}
