package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the estate: what people decided about it and what probes saw.
 *
 * @param foundBy {@code api}, {@code csv} or {@code ansible}
 * @param pinned the key a person or an import vouched for; nothing is sent to a host without
 * @param presented the key it showed instead, waiting for a person's word
 * @param seen null until a probe succeeded
 * @param trouble null while all is well
 * @param skewed whether its clock was found too far off, and not found right since (G5)
 * @param updates pending updates by package (K3); null until they were read
 * @param published the gauges that readers of the state topic know
 * @param version counts what people change, not what probes see
 */
public record Host(
        UUID id,
        HostSettings settings,
        String foundBy,
        @Nullable HostKey pinned,
        @Nullable HostKey presented,
        HostStatus status,
        @Nullable Sighting seen,
        @Nullable Trouble trouble,
        boolean skewed,
        @Nullable SortedMap<String, String> updates,
        @Nullable Instant updatesAt,
        @Nullable Gauges published,
        long version) {

    /**
     * What a probe changed.
     *
     * @param findings to be announced, in this order
     * @param publish whether readers of the state topic should know
     */
    public record Observed(Host host, List<Finding> findings, boolean publish) {}

    public static Host registered(UUID id, HostSettings settings, String foundBy, @Nullable HostKey vouched) {
        return new Host(id, settings, foundBy, vouched, null, HostStatus.NEW, null, null, false, null, null, null, 1);
    }

    public String name() {
        return settings.name();
    }

    public boolean retired() {
        return status == HostStatus.RETIRED;
    }

    public Host edited(HostSettings settings) {
        return settings.equals(this.settings) ? this : with(settings, pinned, presented, status, trouble, version + 1);
    }

    /** A person or an import vouches for this key: it counts from now on, and what was held back for another key goes on. */
    public Host pinned(HostKey key) {
        if (key.equals(pinned) && presented == null) {
            return this;
        }
        boolean aboutKeys = trouble != null
                && (trouble.reason().equals(Trouble.KEY_UNKNOWN)
                        || trouble.reason().equals(Trouble.KEY_CHANGED));
        return with(settings, key, null, status, aboutKeys && status == HostStatus.NEW ? null : trouble, version + 1);
    }

    public Host retire() {
        return with(settings, pinned, null, HostStatus.RETIRED, null, version + 1);
    }

    /** Takes in the outcome of a probe made at {@code now}. Pure; a retired host learns nothing. */
    public Observed observe(ProbeOutcome outcome, Instant now, Duration skewLimit) {
        if (retired()) {
            return new Observed(this, List.of(), false);
        }
        return switch (outcome) {
            case ProbeOutcome.Read read -> read(read, now, skewLimit);
            case ProbeOutcome.KeyUnknown(var key) -> keyUnknown(key, now);
            case ProbeOutcome.KeyChanged(var key) -> keyChanged(key, now);
            case ProbeOutcome.Failed failed -> failed(failed, now);
        };
    }

    private Observed read(ProbeOutcome.Read read, Instant now, Duration skewLimit) {
        var components = Recognizer.recognize(read.facts());
        var findings = new ArrayList<Finding>();
        if (seen == null) {
            findings.add(new Finding.Discovered());
        }
        if (status == HostStatus.UNREACHABLE || status == HostStatus.HOST_KEY_CHANGED) {
            findings.add(new Finding.BecameReachable(trouble == null ? null : trouble.since()));
        }
        if (seen != null) {
            var differences = read.facts().since(seen.facts());
            if (!differences.isEmpty()) {
                findings.add(new Finding.FactsChanged(differences));
            }
            findings.addAll(componentChanges(seen.components(), components));
        }
        var clock = read.gauges().clock();
        boolean nowSkewed = skewed ? !clock.certainlyWithin(skewLimit) : clock.certainlyBeyond(skewLimit);
        if (nowSkewed && !skewed) {
            findings.add(new Finding.SkewDetected(clock, skewLimit));
        } else if (!nowSkewed && skewed) {
            findings.add(new Finding.SkewCleared(clock, skewLimit));
        }
        boolean publish = !findings.isEmpty()
                || status != HostStatus.REACHABLE
                || published == null
                || read.gauges().notablyDiffersFrom(published);
        var after = new Host(
                id,
                settings,
                foundBy,
                pinned,
                null,
                HostStatus.REACHABLE,
                new Sighting(read.facts(), read.gauges(), components, now),
                null,
                nowSkewed,
                read.updates() == null ? updates : read.updates(),
                read.updates() == null ? updatesAt : now,
                publish ? read.gauges() : published,
                version);
        return new Observed(after, List.copyOf(findings), publish);
    }

    private Observed keyUnknown(HostKey key, Instant now) {
        var waiting = trouble(
                Trouble.KEY_UNKNOWN,
                "no host key is pinned; the host presents " + key.fingerprint(),
                "Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and accept"
                        + " the key with POST /api/v1/hosts/" + id + "/host-key.",
                now);
        var after = with(settings, pinned, key, HostStatus.NEW, waiting, version);
        return new Observed(after, List.of(), status != HostStatus.NEW);
    }

    private Observed keyChanged(HostKey key, Instant now) {
        if (pinned == null) {
            return keyUnknown(key, now);
        }
        var stopped = trouble(
                Trouble.KEY_CHANGED,
                "the host presents " + key.fingerprint() + ", but " + pinned.fingerprint() + " is pinned",
                "Find out why: a reinstalled host, another host at this address, or an attack. If the new key is right, accept"
                        + " it with POST /api/v1/hosts/" + id + "/host-key; else correct the host and ask for a probe.",
                now);
        boolean news = status != HostStatus.HOST_KEY_CHANGED || !key.equals(presented);
        var after = with(settings, pinned, key, HostStatus.HOST_KEY_CHANGED, stopped, version);
        return new Observed(after, news ? List.of(new Finding.KeyChanged(pinned, key)) : List.of(), news);
    }

    private Observed failed(ProbeOutcome.Failed failed, Instant now) {
        if (status == HostStatus.HOST_KEY_CHANGED && presented != null) {
            return new Observed(this, List.of(), false);
        }
        var reason = failed.reason();
        var trouble = trouble(reason.slug(), failed.detail(), reason.next(), now);
        boolean news = status != HostStatus.UNREACHABLE;
        var after = with(settings, pinned, presented, HostStatus.UNREACHABLE, trouble, version);
        return new Observed(after, news ? List.of(new Finding.BecameUnreachable(trouble)) : List.of(), news);
    }

    private Trouble trouble(String reason, String detail, String next, Instant now) {
        return trouble == null
                ? new Trouble(reason, detail, next, now, 1)
                : new Trouble(reason, detail, next, trouble.since(), trouble.failures() + 1);
    }

    private static List<Finding> componentChanges(List<Installed> before, List<Installed> after) {
        var was = byProduct(before);
        var is = byProduct(after);
        var changes = new ArrayList<Finding>();
        for (var product : Product.values()) {
            var from = was.get(product);
            var to = is.get(product);
            if (from != null && to == null) {
                changes.add(new Finding.ComponentChanged(product, from.variant(), from.version(), null));
            } else if (to != null && (from == null || !from.version().equals(to.version()))) {
                changes.add(new Finding.ComponentChanged(
                        product, to.variant(), from == null ? null : from.version(), to.version()));
            }
        }
        return changes;
    }

    private static Map<Product, Installed> byProduct(List<Installed> components) {
        var map = new LinkedHashMap<Product, Installed>();
        components.forEach(component -> map.put(component.product(), component));
        return map;
    }

    private Host with(
            HostSettings settings,
            @Nullable HostKey pinned,
            @Nullable HostKey presented,
            HostStatus status,
            @Nullable Trouble trouble,
            long version) {
        return new Host(
                id, settings, foundBy, pinned, presented, status, seen, trouble, skewed, updates, updatesAt, published,
                version);
    }
}
