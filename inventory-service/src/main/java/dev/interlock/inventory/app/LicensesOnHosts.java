package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Host;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * This service's own copy of which license servers there are, and how many licenses are active on them. With a machine that is
 * destroyed they would be lost (L17).
 */
public interface LicensesOnHosts {

    /**
     * @param address where agents reach it, for example {@code https://host:7071/request}; its host is the one on which it runs if
     *     {@code hostId} does not say so
     */
    void registered(UUID licenseServerId, String name, @Nullable String address, @Nullable UUID hostId);

    /** It is out of service for good: nothing on it can be lost any more, whatever older news comes later. */
    void retired(UUID licenseServerId, String name);

    /** Older news that comes later changes nothing. */
    void total(UUID licenseServerId, String activationCode, int total, Instant at);

    /** By license server, then by activation code. */
    List<Held> on(Host host);

    /** @param total active for the code on the server, at least 1 */
    record Held(String licenseServer, String activationCode, int total) {}
}
