package dev.interlock.upgrade.app;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.util.UUID;

/** This process among those of the same service. */
@Singleton
public final class Instance {
    private final String name;

    Instance(@Property(name = "interlock.instance", defaultValue = "") String configured) {
        this.name = (configured.isBlank() ? "upgrade" : configured) + "-"
                + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Unique, also after a restart. */
    public String name() {
        return name;
    }
}
