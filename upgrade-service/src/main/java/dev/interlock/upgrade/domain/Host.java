package dev.interlock.upgrade.domain;

import java.util.Map;
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
}
