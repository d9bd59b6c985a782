package dev.interlock.license.app;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** This service's own copy of what it needs of the inventory's hosts. */
public interface HostDirectory {
    record Host(
            UUID id,
            String name,
            String address,
            int port,
            String user,
            String credential,
            @Nullable String hostKey,
            String status) {}

    void put(Host host);

    void remove(UUID id);

    Optional<Host> find(UUID id);
}
