package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Finding;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.ProbeOutcome;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Takes in what a probe saw: state, events and the time of the next probe in one transaction. */
@Singleton
public class RecordProbe {

    private final Hosts hosts;
    private final ProbeQueue queue;
    private final Announce announce;
    private final InventorySettings settings;
    private final Clock clock;

    RecordProbe(Hosts hosts, ProbeQueue queue, Announce announce, InventorySettings settings, Clock clock) {
        this.hosts = hosts;
        this.queue = queue;
        this.announce = announce;
        this.settings = settings;
        this.clock = clock;
    }

    @Transactional
    public void handle(ProbeQueue.Claim claim, ProbeOutcome outcome) {
        var probed = claim.host();
        var now = clock.instant();
        var found = hosts.findForUpdate(probed.id());
        if (found.isEmpty()) {
            return;
        }
        var before = found.get();
        if (!before.settings().connectsLike(probed.settings()) || !Objects.equals(before.pinned(), probed.pinned())) {
            // somebody changed where or how to connect meanwhile: this outcome is about another door
            queue.done(before.id(), claim.startedAt(), now, now);
            return;
        }
        var observed = before.observe(outcome, now, settings.clockSkewLimit());
        var after = observed.host();
        if (!after.equals(before)) {
            hosts.save(after);
            announce.findings(after, observed.findings(), now);
            if (observed.publish()) {
                announce.state(after);
            }
            history(observed.findings(), after, now);
        }
        queue.done(
                after.id(), claim.startedAt(), now, settings.probe().schedule().next(after, now));
    }

    private void history(List<Finding> findings, Host host, Instant now) {
        var seen = host.seen();
        if (seen == null) {
            return;
        }
        for (var finding : findings) {
            if (finding instanceof Finding.FactsChanged(var differences)) {
                hosts.addFacts(host.id(), seen.facts(), differences, now);
            } else if (finding instanceof Finding.Discovered) {
                hosts.addFacts(host.id(), seen.facts(), List.of(), now);
            }
        }
    }
}
