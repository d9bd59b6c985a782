package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.app.Hosts.Listed;
import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.HostKey;
import dev.interlock.inventory.domain.Sighting;
import dev.interlock.inventory.domain.Trouble;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A host as the API shows it.
 *
 * @param hostKey pinned; null until a person or an import has vouched for one
 * @param presentedHostKey waits for a person's word
 * @param status new, reachable, unreachable, host-key-changed or retired
 * @param trouble null while all is well
 * @param pendingUpdates by package, as the host's repositories offer them (K3); null until they were read
 * @param seenAt when a probe last succeeded
 * @param probedAt when a probe last ended, well or not
 * @param nextProbeAt null while only a person's word can help
 */
@Introspected
record HostView(
        UUID hostId,
        String name,
        String address,
        int port,
        String user,
        String credential,
        Map<String, String> labels,
        String foundBy,
        @Nullable String hostKey,
        @Nullable String hostKeyFingerprint,
        @Nullable String presentedHostKey,
        @Nullable String presentedHostKeyFingerprint,
        String status,
        @Nullable TroubleView trouble,
        @Nullable String osName,
        @Nullable String osVersion,
        List<ComponentView> components,
        List<ConflictView> conflicts,
        @Nullable FactsView facts,
        @Nullable ClockView clock,
        @Nullable Long freeDiskBytes,
        @Nullable Long availableMemoryBytes,
        @Nullable Map<String, String> pendingUpdates,
        @Nullable Instant pendingUpdatesAt,
        @Nullable Instant seenAt,
        @Nullable Instant probedAt,
        @Nullable Instant nextProbeAt,
        Instant createdAt,
        long version) {

    /** Products that must not be together on one machine, by clause. */
    @Introspected
    record ConflictView(String rule, String detail, String next, String clause) {}

    @Introspected
    record ComponentView(String product, String version, String variant) {}

    /** @param since the first probe that failed */
    @Introspected
    record TroubleView(String reason, String detail, String next, Instant since, int failures) {}

    @Introspected
    record FactsView(
            String kernel,
            String architecture,
            Map<String, String> packages,
            Map<String, String> units,
            Set<Integer> ports,
            @Nullable Integer cores,
            @Nullable Long memoryBytes) {

        static FactsView of(Facts facts) {
            return new FactsView(
                    facts.kernel(),
                    facts.architecture(),
                    facts.packages(),
                    facts.units(),
                    facts.ports(),
                    facts.cores(),
                    facts.memoryBytes());
        }
    }

    /**
     * @param skewed found too far off, and not found right since (G5)
     * @param next what to do, while it is
     */
    @Introspected
    record ClockView(
            long offsetMillis,
            long errorMillis,
            boolean skewed,
            @Nullable String next) {
        /** G6 */
        static final String NEXT =
                "Set the clock by NTP (chronyc makestep). If it was set by hand, restart the HA services of the"
                        + " server afterwards (igel-ums-server, igel-ums-broker, igel-ums-watchdog). Then have the host probed.";
    }

    static HostView of(Listed listed) {
        var host = listed.host();
        var settings = host.settings();
        var seen = host.seen();
        var os = seen == null ? null : seen.facts().os();
        return new HostView(
                host.id(),
                settings.name(),
                settings.address(),
                settings.port(),
                settings.user(),
                settings.credential(),
                settings.labels(),
                host.foundBy(),
                line(host.pinned()),
                fingerprint(host.pinned()),
                line(host.presented()),
                fingerprint(host.presented()),
                host.status().slug(),
                trouble(host.trouble()),
                os == null ? null : os.name(),
                os == null ? null : os.version(),
                components(seen),
                seen == null
                        ? List.of()
                        : seen.conflicts().stream()
                                .map(each -> new ConflictView(each.rule(), each.detail(), each.next(), each.clause()))
                                .toList(),
                seen == null ? null : FactsView.of(seen.facts()),
                seen == null
                        ? null
                        : new ClockView(
                                seen.gauges().clock().offsetMillis(),
                                seen.gauges().clock().errorMillis(),
                                host.skewed(),
                                host.skewed() ? ClockView.NEXT : null),
                seen == null ? null : seen.gauges().freeDiskBytes(),
                seen == null ? null : seen.gauges().availableMemoryBytes(),
                host.updates(),
                host.updatesAt(),
                seen == null ? null : seen.at(),
                listed.probedAt(),
                listed.nextProbeAt(),
                listed.createdAt(),
                host.version());
    }

    private static List<ComponentView> components(@Nullable Sighting seen) {
        return seen == null
                ? List.of()
                : seen.components().stream()
                        .map(each -> new ComponentView(each.product().slug(), each.version(), each.variant()))
                        .toList();
    }

    private static @Nullable TroubleView trouble(@Nullable Trouble trouble) {
        return trouble == null
                ? null
                : new TroubleView(
                        trouble.reason(), trouble.detail(), trouble.next(), trouble.since(), trouble.failures());
    }

    private static @Nullable String line(@Nullable HostKey key) {
        return key == null ? null : key.line();
    }

    private static @Nullable String fingerprint(@Nullable HostKey key) {
        return key == null ? null : key.fingerprint();
    }
}
