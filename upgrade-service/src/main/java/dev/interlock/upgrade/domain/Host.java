package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A host as inventory last told it.
 *
 * @param hostKey the pinned SSH host key; without one nothing may be done to the host
 * @param status new, reachable, unreachable, host-key-changed or retired
 * @param packages name to version, without the release part
 * @param units systemd unit, without {@code .service}, to its state; {@code absent} when there is none
 * @param components product to the version that inventory recognised on the host
 */
public record Host(
        UUID id,
        String name,
        String address,
        int port,
        String user,
        String credential,
        @Nullable String hostKey,
        String status,
        Map<String, String> packages,
        Map<String, String> units,
        Map<String, String> components) {
    public Host(
            UUID id,
            String name,
            String address,
            int port,
            String user,
            String credential,
            @Nullable String hostKey,
            String status,
            Map<String, String> packages,
            Map<String, String> units) {
        this(id, name, address, port, user, credential, hostKey, status, packages, units, Map.of());
    }

    public Host {
        components = Map.copyOf(components);
        packages = Map.copyOf(packages);
        units = Map.copyOf(units);
    }

    public boolean hasUnit(String unit) {
        return !units.getOrDefault(unit, "absent").equals("absent");
    }

    boolean isUnreachable() {
        return status.equals("unreachable");
    }

    /**
     * Why nothing may be planned for it, whatever its product.
     *
     * @param unprobed whether it need not have been probed
     */
    Optional<Reason> unfit(boolean unprobed) {
        if (status.equals("retired")) {
            return Optional.of(new Reason("inventory", name + " is retired.", "Take it out of the deployment."));
        }
        if (status.equals("host-key-changed")) {
            return Optional.of(new Reason(
                    "host-key",
                    name + " shows another SSH host key than the pinned one.",
                    "Find out why; pin the new key if it is right."));
        }
        if (hostKey == null) {
            return Optional.of(
                    new Reason("host-key", name + " has no pinned SSH host key.", "Compare its key and pin it."));
        }
        if (status.equals("new") && !unprobed) {
            return Optional.of(new Reason("inventory", name + " has never been probed.", "Probe it, then plan again."));
        }
        return Optional.empty();
    }

    /** As a plan describes it; null without a pinned host key. */
    @Nullable
    Target as(String role, String variant, Version version, Map<String, String> packagesOfIt, List<String> unitsOfIt) {
        return hostKey == null
                ? null
                : new Target(
                        id,
                        name,
                        address,
                        port,
                        user,
                        credential,
                        hostKey,
                        role,
                        variant,
                        version,
                        packagesOfIt,
                        unitsOfIt);
    }
}
