package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Flaw;
import dev.interlock.inventory.domain.HostKey;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** Pins the key that a person vouches for; what was held back because of keys goes on. */
@Singleton
public class AcceptHostKey {

    private final Hosts hosts;
    private final RequestProbe probe;
    private final Announce announce;

    AcceptHostKey(Hosts hosts, RequestProbe probe, Announce announce) {
        this.hosts = hosts;
        this.probe = probe;
        this.announce = announce;
    }

    @Transactional
    public HostChange handle(UUID id, String line) {
        var found = hosts.findForUpdate(id);
        if (found.isEmpty()) {
            return new HostChange.Unknown();
        }
        var before = found.get();
        if (before.retired()) {
            return new HostChange.Retired(before);
        }
        var key = HostKey.of(line);
        if (key.isEmpty()) {
            return new HostChange.Flawed(List.of(new Flaw(
                    "hostKey",
                    "this is not a public host key",
                    "Paste the whole line, as in ssh-ed25519 AAAA…; a fingerprint is not enough.")));
        }
        var after = before.pinned(key.get());
        if (!after.equals(before)) {
            hosts.save(after);
            announce.state(after);
        }
        probe.request(id, false);
        return new HostChange.Done(after);
    }
}
