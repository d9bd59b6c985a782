package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.HostDraft;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.function.LongUnaryOperator;

/** Changes what people decide about a host. A draft without labels or host key leaves them as they are. */
@Singleton
public class ChangeHost {

    private final Hosts hosts;
    private final RequestProbe probe;
    private final Announce announce;

    ChangeHost(Hosts hosts, RequestProbe probe, Announce announce) {
        this.hosts = hosts;
        this.probe = probe;
        this.announce = announce;
    }

    /** @param seen from the current version to the one that the caller has read */
    @Transactional
    public HostChange handle(UUID id, HostDraft draft, LongUnaryOperator seen) {
        var found = hosts.findForUpdate(id);
        if (found.isEmpty()) {
            return new HostChange.Unknown();
        }
        var before = found.get();
        if (before.retired()) {
            return new HostChange.Retired(before);
        }
        if (seen.applyAsLong(before.version()) != before.version()) {
            return new HostChange.Stale(before.version());
        }
        var flaws = draft.flaws();
        if (!flaws.isEmpty()) {
            return new HostChange.Flawed(flaws);
        }
        var settings = draft.settings();
        if (draft.labels() == null) {
            settings = settings.withLabels(before.settings().labels());
        }
        var other = hosts.inTheWayOf(settings, id);
        if (other.isPresent()) {
            return new HostChange.Taken(other.get());
        }
        var key = draft.vouchedKey();
        var after = before.edited(settings);
        if (key != null) {
            after = after.pinned(key);
        }
        if (!after.equals(before)) {
            hosts.save(after);
            announce.state(after);
            probe.request(id, false);
        }
        return new HostChange.Done(after);
    }
}
