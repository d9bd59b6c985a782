package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.ClockReading;
import dev.interlock.inventory.domain.ClockSpread;
import dev.interlock.inventory.domain.Condition;
import dev.interlock.inventory.domain.Condition.Comparison;
import dev.interlock.inventory.domain.Condition.Skew;
import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.Installed;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.inventory.domain.Orphan;
import dev.interlock.inventory.domain.Registrations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a deployment's product has registered with the members (G2), and the members' clocks with each other (G5), when a
 * member was probed or the members have changed, and announces what is new of it. Deployments are locked before hosts are read, and
 * hosts are not locked: a change of the members, which locks both, cannot wait for this in a circle.
 */
@Singleton
public class JudgeDeployment {

    private final Deployments deployments;
    private final Hosts hosts;
    private final Conditions conditions;
    private final Announce announce;
    private final InventorySettings settings;
    private final Clock clock;

    JudgeDeployment(
            Deployments deployments,
            Hosts hosts,
            Conditions conditions,
            Announce announce,
            InventorySettings settings,
            Clock clock) {
        this.deployments = deployments;
        this.hosts = hosts;
        this.conditions = conditions;
        this.announce = announce;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * After a probe of {@code host}, of whatever it found.
     *
     * @param read null where the host keeps no list of registrations
     * @param at when it was read
     */
    @Transactional
    public void probed(UUID host, @Nullable Registrations read, Instant at) {
        for (var each : deployments.of(host)) {
            if (each.product().clocksMustAgree() || each.product().registersServers()) {
                deployments
                        .findForUpdate(each.id())
                        .filter(deployment -> !deployment.retired())
                        .ifPresent(deployment -> judge(deployment, host, read, at));
            }
        }
    }

    /** After its members were changed, in the same transaction. */
    void changed(Deployment deployment) {
        if (deployment.retired()) {
            var before = conditions.of(deployment.id());
            save(deployment, Map.of(), before, Condition.UNKNOWN, clock.instant());
        } else {
            judge(deployment, null, null, clock.instant());
        }
    }

    private void judge(Deployment deployment, @Nullable UUID readOn, @Nullable Registrations read, Instant at) {
        var members =
                hosts.all(deployment.members().stream().map(Membership::hostId).toList());
        var before = conditions.of(deployment.id());
        var after = before;
        if (deployment.product().registersServers()) {
            after = registrations(deployment, members, after, readOn, read, at);
        }
        if (deployment.product().clocksMustAgree()) {
            after = clocks(members, after, clock.instant());
        }
        save(deployment, members, before, after, clock.instant());
    }

    private static Condition registrations(
            Deployment deployment,
            Map<UUID, Host> members,
            Condition before,
            @Nullable UUID readOn,
            @Nullable Registrations read,
            Instant at) {
        var last = before.comparison();
        return switch (read) {
            case Registrations.Unreadable(var detail) -> before.unreadable(detail);
            case Registrations.Listed listed
            when last == null || at.isAfter(last.at()) -> {
                var on = Objects.requireNonNull(readOn);
                var host = members.get(on);
                var list = new Comparison(on, host == null ? on.toString() : host.name(), at, listed);
                yield compared(deployment, members, before, list);
            }
            case null, default -> last == null ? before : compared(deployment, members, before, last);
        };
    }

    private static Condition compared(
            Deployment deployment, Map<UUID, Host> members, Condition before, Comparison list) {
        var candidates = deployment.members().stream()
                .map(member -> candidate(deployment, member, members.get(member.hostId())))
                .filter(Objects::nonNull)
                .toList();
        return before.compared(list, Orphan.among(list.listed().entries(), candidates));
    }

    private static Orphan.@Nullable Candidate candidate(Deployment deployment, Membership member, @Nullable Host host) {
        if (host == null) {
            return null;
        }
        var seen = host.seen();
        var kinds = new HashSet<String>();
        kinds.add(member.role());
        if (seen == null) {
            // nobody has looked yet what else it is: no orphan is told of because of that
            kinds.add(Registrations.SERVER);
            kinds.add(Registrations.LOAD_BALANCER);
        }
        String version = null;
        for (Installed found : seen == null ? List.<Installed>of() : seen.components()) {
            if (found.product() == deployment.product()) {
                kinds.addAll(found.parts());
                version = found.version();
            }
        }
        return new Orphan.Candidate(
                host.id(),
                host.name(),
                seen == null ? null : seen.facts().hostname(),
                host.settings().address(),
                kinds,
                version);
    }

    private Condition clocks(Map<UUID, Host> members, Condition before, Instant now) {
        var readings = readings(members);
        var limit = settings.clockSkewLimit();
        var certain = ClockSpread.certain(readings, now);
        var skew = before.skew();
        if (certain.isPresent() && certain.get().apart().certainlyBeyond(limit)) {
            return before.skewed(new Skew(certain.get(), limit, skew == null ? now : skew.since()));
        }
        boolean allWithin = ClockSpread.possible(readings, now)
                .map(spread -> spread.apart().certainlyWithin(limit))
                .orElse(true);
        return skew != null && allWithin ? before.skewed(null) : before;
    }

    private static List<ClockSpread.Reading> readings(Map<UUID, Host> members) {
        var readings = new ArrayList<ClockSpread.Reading>();
        for (var host : members.values()) {
            var seen = host.seen();
            if (seen != null) {
                readings.add(new ClockSpread.Reading(
                        host.id(), host.name(), seen.gauges().clock(), seen.at()));
            }
        }
        return readings;
    }

    private void save(Deployment deployment, Map<UUID, Host> members, Condition before, Condition after, Instant now) {
        if (after.equals(before)) {
            return;
        }
        conditions.save(deployment.id(), after);
        var list = after.comparison();
        var found = after.orphansNotIn(before);
        if (list != null && !found.isEmpty()) {
            var names = members.values().stream().map(Host::name).sorted().toList();
            announce.orphansFound(deployment, list, found, names, now);
        }
        var gone = before.orphansNotIn(after);
        announce.orphansRemoved(deployment, list, gone, now);
        var was = before.skew();
        var is = after.skew();
        if (was == null && is != null) {
            announce.apart(deployment, is.spread(), settings.clockSkewLimit(), now);
        } else if (was != null && is == null) {
            var widest = ClockSpread.possible(readings(members), now).map(ClockSpread::apart);
            announce.together(
                    deployment, was.spread(), widest.orElse(new ClockReading(0, 0)), settings.clockSkewLimit(), now);
        }
        boolean firstComparison = before.comparison() == null && list != null;
        boolean news = firstComparison || !found.isEmpty() || !gone.isEmpty() || (was == null) != (is == null);
        if (news && !deployment.retired()) {
            announce.state(deployment);
        }
    }
}
