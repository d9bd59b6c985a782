package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostDraft;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Takes a host into the inventory and has it probed. */
@Singleton
public class RegisterHost {

    private final Hosts hosts;
    private final RequestProbe probe;
    private final Announce announce;
    private final Clock clock;

    RegisterHost(Hosts hosts, RequestProbe probe, Announce announce, Clock clock) {
        this.hosts = hosts;
        this.probe = probe;
        this.announce = announce;
        this.clock = clock;
    }

    @Transactional
    public HostChange handle(HostDraft draft, String foundBy) {
        var flaws = draft.flaws();
        if (!flaws.isEmpty()) {
            return new HostChange.Flawed(flaws);
        }
        var host = Host.registered(UUID.randomUUID(), draft.settings(), foundBy, draft.vouchedKey());
        while (!hosts.add(host, clock.instant())) {
            var other = hosts.inTheWayOf(host.settings(), host.id());
            if (other.isPresent()) {
                return new HostChange.Taken(other.get());
            }
        }
        announce.state(host);
        probe.request(host.id(), false);
        return new HostChange.Done(host);
    }
}
