package dev.interlock.license.app;

import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The license servers that are known. */
public interface LicenseServers {
    /** @return false when the name is taken */
    boolean add(LicenseServer server, String registeredBy);

    Optional<LicenseServer> find(ServerId id);

    /** Those that are known among these, by id. */
    Map<ServerId, LicenseServer> all(Collection<ServerId> ids);

    boolean exists(ServerId id);

    /** Reads it and keeps everybody else's change of it waiting until the transaction ends. */
    Optional<LicenseServer> findForChange(ServerId id);

    /** @param lost it was destroyed, and the licences that it held are lost with it (L17) */
    void retire(ServerId id, Instant at, String by, String reason, boolean lost);

    /** By name, after {@code afterName}. */
    List<LicenseServer> page(@Nullable String afterName, int limit);
}
