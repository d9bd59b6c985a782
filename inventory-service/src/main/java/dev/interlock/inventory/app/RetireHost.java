package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Deployment;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Takes a host out of the inventory. Its row and its former facts stay; its name and address become free. One that is still needed is
 * not let go: a member of a deployment, or a machine with which licenses would be lost (L17).
 */
@Singleton
public class RetireHost {

    private final Hosts hosts;
    private final Deployments deployments;
    private final LicensesOnHosts licenses;
    private final Announce announce;

    RetireHost(Hosts hosts, Deployments deployments, LicensesOnHosts licenses, Announce announce) {
        this.hosts = hosts;
        this.deployments = deployments;
        this.licenses = licenses;
        this.announce = announce;
    }

    @Transactional
    public HostChange handle(UUID id, String reason, String by) {
        var found = hosts.findForUpdate(id);
        if (found.isEmpty()) {
            return new HostChange.Unknown();
        }
        var before = found.get();
        if (before.retired()) {
            return new HostChange.Done(before);
        }
        var uses = deployments.of(id);
        if (!uses.isEmpty()) {
            return new HostChange.InUse(uses.stream().map(Deployment::name).toList());
        }
        var held = licenses.on(before);
        if (!held.isEmpty()) {
            return new HostChange.HoldsLicenses(before, held);
        }
        var after = before.retire();
        hosts.save(after);
        announce.retired(after, reason, by);
        return new HostChange.Done(after);
    }
}
