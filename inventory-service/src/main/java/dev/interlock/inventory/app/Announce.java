package dev.interlock.inventory.app;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.Component;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.InventoryEvent.ClockSkewCleared;
import dev.interlock.contracts.InventoryEvent.ClockSkewDetected;
import dev.interlock.contracts.InventoryEvent.ComponentVersionChanged;
import dev.interlock.contracts.InventoryEvent.DeploymentChanged;
import dev.interlock.contracts.InventoryEvent.DeploymentRegistered;
import dev.interlock.contracts.InventoryEvent.FactChange;
import dev.interlock.contracts.InventoryEvent.HostDiscovered;
import dev.interlock.contracts.InventoryEvent.HostFactsChanged;
import dev.interlock.contracts.InventoryEvent.HostKeyChanged;
import dev.interlock.contracts.InventoryEvent.HostReachable;
import dev.interlock.contracts.InventoryEvent.HostRetired;
import dev.interlock.contracts.InventoryEvent.HostUnreachable;
import dev.interlock.contracts.Member;
import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Finding;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.Installed;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Puts what happened into the words of the contracts, and into the outbox. */
@Singleton
class Announce {

    private final Outbox outbox;

    Announce(Outbox outbox) {
        this.outbox = outbox;
    }

    void state(Host host) {
        var seen = host.seen();
        var pinned = host.pinned();
        var settings = host.settings();
        var os = seen == null ? null : seen.facts().os();
        outbox.state(new HostState(
                host.id(),
                settings.name(),
                settings.address(),
                settings.port(),
                settings.user(),
                settings.credential(),
                pinned == null ? null : pinned.line(),
                host.status().slug(),
                os == null ? null : os.name(),
                os == null ? null : os.version(),
                seen == null ? List.of() : components(seen.components()),
                seen == null ? Map.of() : seen.facts().packages(),
                seen == null ? Map.of() : seen.facts().units(),
                seen == null ? null : seen.gauges().clock().offsetMillis(),
                seen == null ? null : seen.gauges().clock().errorMillis(),
                seen == null ? null : seen.gauges().freeDiskBytes(),
                seen == null ? null : seen.at()));
    }

    /** The event, the last state, and then nothing: a compacted topic forgets the host. */
    void retired(Host host, String reason, String by) {
        outbox.add(new HostRetired(host.id(), host.name(), reason, by));
        state(host);
        outbox.tombstone(Channel.INVENTORY_HOSTS, host.id().toString());
    }

    void findings(Host host, List<Finding> findings, Instant now) {
        findings.forEach(finding -> outbox.add(event(host, finding, now)));
    }

    private static InventoryEvent event(Host host, Finding finding, Instant now) {
        var id = host.id();
        var name = host.name();
        var address = host.settings().address();
        int port = host.settings().port();
        var seen = host.seen();
        return switch (finding) {
            case Finding.Discovered() -> {
                var os = seen == null ? null : seen.facts().os();
                yield new HostDiscovered(
                        id,
                        name,
                        address,
                        port,
                        host.foundBy(),
                        os == null ? null : os.name(),
                        os == null ? null : os.version(),
                        seen == null ? List.of() : components(seen.components()),
                        now);
            }
            case Finding.FactsChanged(var differences) ->
                new HostFactsChanged(
                        id,
                        name,
                        differences.stream()
                                .map(each -> new FactChange(each.fact(), each.before(), each.after()))
                                .toList(),
                        now);
            case Finding.ComponentChanged(var product, var variant, var from, var to) ->
                new ComponentVersionChanged(id, name, product.slug(), variant, from, to, now);
            case Finding.BecameUnreachable(var trouble) ->
                new HostUnreachable(
                        id,
                        name,
                        address,
                        port,
                        trouble.reason(),
                        trouble.detail(),
                        trouble.since(),
                        seen == null ? null : seen.at());
            case Finding.BecameReachable(var since) -> new HostReachable(id, name, now, since);
            case Finding.KeyChanged(var expected, var presented) ->
                new HostKeyChanged(id, name, address, port, expected.fingerprint(), presented.fingerprint(), now);
            case Finding.SkewDetected(var clock, var limit) ->
                new ClockSkewDetected(
                        id, name, clock.offsetMillis(), clock.errorMillis(), limit.toMillis(), now, null, null, null);
            case Finding.SkewCleared(var clock, var limit) ->
                new ClockSkewCleared(id, name, clock.offsetMillis(), clock.errorMillis(), limit.toMillis(), now, null);
        };
    }

    void registered(Deployment deployment, String by) {
        outbox.add(new DeploymentRegistered(
                deployment.id(),
                deployment.name(),
                deployment.product().slug(),
                members(deployment.members()),
                deployment.settings(),
                by));
        state(deployment);
    }

    void changed(Deployment before, Deployment after, String by) {
        outbox.add(new DeploymentChanged(
                after.id(),
                after.name(),
                after.product().slug(),
                members(after.members()),
                after.settings(),
                members(after.addedSince(before)),
                members(after.removedSince(before)),
                after.retired(),
                by));
        if (after.retired()) {
            outbox.tombstone(Channel.INVENTORY_DEPLOYMENTS, after.id().toString());
        } else {
            state(after);
        }
    }

    private void state(Deployment deployment) {
        outbox.state(new DeploymentState(
                deployment.id(),
                deployment.name(),
                deployment.product().slug(),
                members(deployment.members()),
                deployment.settings()));
    }

    private static List<Member> members(List<Membership> members) {
        return members.stream()
                .map(member -> new Member(member.hostId(), member.role()))
                .toList();
    }

    private static List<Component> components(List<Installed> components) {
        return components.stream()
                .map(each -> new Component(each.product().slug(), each.version(), each.variant()))
                .toList();
    }
}
