package dev.interlock.license.app;

import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The license servers that are known. */
public interface LicenseServers {
    /** @return false when the name is taken */
    boolean add(LicenseServer server, String registeredBy);

    Optional<LicenseServer> find(ServerId id);

    boolean exists(ServerId id);

    /** By name, after {@code afterName}. */
    List<LicenseServer> page(@Nullable String afterName, int limit);
}
