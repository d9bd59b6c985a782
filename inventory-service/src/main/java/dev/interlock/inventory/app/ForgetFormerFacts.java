package dev.interlock.inventory.app;

import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Forgets facts that are long past; the newest of each host stay. */
@Singleton
public class ForgetFormerFacts {

    static final int BATCH = 1000;

    private final Hosts hosts;
    private final InventorySettings settings;
    private final Clock clock;

    ForgetFormerFacts(Hosts hosts, InventorySettings settings, Clock clock) {
        this.hosts = hosts;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return how many; as many as a batch means that there may be more */
    @Transactional
    public int handle() {
        return hosts.forgetFacts(clock.instant().minus(settings.history()), BATCH);
    }
}
