package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Hosts, keys and facts that tests talk about. */
final class Estate {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final HostKey KEY = HostKey.of(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5dnvpIDvH3vkF3uB9W7Vb1F2QvCDfJ5gOZ8uyvb5ZK")
            .orElseThrow();
    static final HostKey OTHER_KEY = HostKey.of(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
            .orElseThrow();

    private Estate() {}

    static HostSettings settings() {
        return new HostSettings("kcm-01", "10.0.0.1", 22, "root", "fleet", new TreeMap<>());
    }

    static Host pinned() {
        return Host.registered(UUID.fromString("00000000-0000-0000-0000-000000000001"), settings(), "api", KEY);
    }

    static Host unpinned() {
        return Host.registered(UUID.fromString("00000000-0000-0000-0000-000000000001"), settings(), "api", null);
    }

    static Facts keeper(String version) {
        return facts(
                Map.of("kcm-guacamole", version, "kcm-guacd", version),
                Map.of("guacamole", "active", "guacd", "active"),
                8080,
                4822);
    }

    static Facts facts(Map<String, String> packages, Map<String, String> units, Integer... ports) {
        return new Facts(
                new Facts.OperatingSystem("Rocky Linux", "9.4"),
                "5.14.0",
                "x86_64",
                new TreeMap<>(packages),
                new TreeMap<>(units),
                new TreeSet<>(List.of(ports)),
                2,
                4_000_000_000L,
                "machine");
    }

    static Gauges gauges(long offsetMillis, long freeDisk) {
        return new Gauges(new ClockReading(offsetMillis, 10), freeDisk, 1_000_000_000L);
    }

    static ProbeOutcome read(Facts facts) {
        return new ProbeOutcome.Read(facts, gauges(0, 50_000_000_000L), null);
    }

    static ProbeOutcome readWithOffset(long offsetMillis) {
        return new ProbeOutcome.Read(keeper("1.4.0"), gauges(offsetMillis, 50_000_000_000L), null);
    }
}
