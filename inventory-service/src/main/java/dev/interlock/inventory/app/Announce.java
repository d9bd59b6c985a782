package dev.interlock.inventory.app;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.ClockSkew;
import dev.interlock.contracts.Component;
import dev.interlock.contracts.Conflict;
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
import dev.interlock.contracts.InventoryEvent.OrphanFound;
import dev.interlock.contracts.InventoryEvent.OrphanRemoved;
import dev.interlock.contracts.Member;
import dev.interlock.contracts.Orphan;
import dev.interlock.inventory.domain.ClockReading;
import dev.interlock.inventory.domain.ClockSpread;
import dev.interlock.inventory.domain.Condition.Comparison;
import dev.interlock.inventory.domain.Condition.FoundOrphan;
import dev.interlock.inventory.domain.Condition.Skew;
import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Finding;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.Installed;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what happened into the words of the contracts, and into the outbox. */
@Singleton
class Announce {

    private final Outbox outbox;
    private final Conditions conditions;

    Announce(Outbox outbox, Conditions conditions) {
        this.outbox = outbox;
        this.conditions = conditions;
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
                seen == null ? null : seen.at(),
                seen == null ? null : conflicts(seen.conflicts())));
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

    void state(Deployment deployment) {
        var condition = conditions.of(deployment.id());
        outbox.state(new DeploymentState(
                deployment.id(),
                deployment.name(),
                deployment.product().slug(),
                members(deployment.members()),
                deployment.settings(),
                condition.comparison() == null ? null : orphans(condition.orphans()),
                skew(condition.skew())));
    }

    void orphansFound(
            Deployment deployment, Comparison list, List<FoundOrphan> found, List<String> members, Instant now) {
        for (var each : found) {
            var registered = each.orphan().registered();
            outbox.add(new OrphanFound(
                    deployment.id(),
                    registered.id(),
                    registered.kind(),
                    registered.name(),
                    registered.address(),
                    now,
                    registered.version(),
                    list.onName(),
                    list.listed().by(),
                    members,
                    each.orphan().next()));
        }
    }

    /** @param list null when the deployment is retired */
    void orphansRemoved(Deployment deployment, @Nullable Comparison list, List<FoundOrphan> gone, Instant now) {
        for (var each : gone) {
            var registered = each.orphan().registered();
            boolean listed = list != null
                    && list.listed().entries().stream()
                            .anyMatch(entry -> entry.kind().equals(registered.kind())
                                    && entry.id().equals(registered.id()));
            outbox.add(new OrphanRemoved(
                    deployment.id(),
                    registered.id(),
                    registered.kind(),
                    registered.name(),
                    now,
                    list == null ? "deployment-retired" : listed ? "member" : "unregistered",
                    list == null ? null : list.onName()));
        }
    }

    /** Two members' clocks are too far apart (G5). */
    void apart(Deployment deployment, ClockSpread spread, Duration limit, Instant now) {
        outbox.add(new ClockSkewDetected(
                spread.ahead().hostId(),
                spread.ahead().name(),
                spread.apart().offsetMillis(),
                spread.apart().errorMillis(),
                limit.toMillis(),
                now,
                deployment.id(),
                spread.behind().hostId(),
                spread.behind().name()));
    }

    /** They are not any more: told of the host of which it was told that they were. */
    void together(Deployment deployment, ClockSpread was, ClockReading widest, Duration limit, Instant now) {
        outbox.add(new ClockSkewCleared(
                was.ahead().hostId(),
                was.ahead().name(),
                widest.offsetMillis(),
                widest.errorMillis(),
                limit.toMillis(),
                now,
                deployment.id()));
    }

    private static List<Orphan> orphans(List<FoundOrphan> found) {
        return found.stream()
                .map(each -> {
                    var registered = each.orphan().registered();
                    return new Orphan(
                            registered.id(), registered.kind(), registered.name(), registered.address(), each.since());
                })
                .toList();
    }

    private static @Nullable ClockSkew skew(@Nullable Skew skew) {
        if (skew == null) {
            return null;
        }
        var spread = skew.spread();
        return new ClockSkew(
                spread.ahead().hostId(),
                spread.ahead().name(),
                spread.behind().hostId(),
                spread.behind().name(),
                spread.apart().offsetMillis(),
                spread.apart().errorMillis(),
                skew.limit().toMillis(),
                skew.since());
    }

    private static List<Conflict> conflicts(List<dev.interlock.inventory.domain.Conflict> found) {
        return found.stream()
                .map(each -> new Conflict(each.rule(), each.detail(), each.next(), each.clause()))
                .toList();
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
