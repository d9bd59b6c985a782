package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.UmsAction.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges what a host of a UMS network answered before any change (G1–G5, G8). */
final class UmsCheckVerdicts {
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?.*");

    private final StepVerdict verdict;
    private final UmsConditions conditions;
    private final HostAnswer answer;
    private final String host;

    UmsCheckVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.conditions = new UmsConditions(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome checked(UmsAction.CheckNode check) {
        boolean ums = !check.node().kind().equals("database");
        if (ums) {
            root();
            installer(check.installer().path());
            String found = verdict.word("installed");
            verdict.hold(
                    "version-as-planned",
                    "G4",
                    found.equals(check.installed()) ? null : "it has " + (found.isEmpty() ? "none" : found),
                    "UMS " + found,
                    text -> new Failure(
                            "changed-since-plan",
                            host + " does not have UMS " + check.installed() + " as it had when the plan was made: "
                                    + text + ".",
                            "Probe the host, make a new plan and have it approved."));
            clock(check.clockTolerance());
        }
        Members members = check.members();
        if (members != null) {
            conditions.members(members);
            conditions.dataSource(true);
        }
        if (check.backup()) {
            verdict.hold(
                    "backup-tools",
                    "G3",
                    verdict.word("pg-tools").equals("there") ? null : "pg_dump or pg_restore is not there",
                    "pg_dump and pg_restore are there",
                    text -> new Failure(
                            "no-backup-tools",
                            "The database cannot be dumped from " + host + ": " + text + ".",
                            "Install PostgreSQL's client programs of the database's version there; or add a host that has them to the"
                                    + " deployment in the role 'database' and make a new plan."));
        }
        long free = answer.freeKibibytes().orElse(-1L) / 1024;
        verdict.hold(
                "disk-space",
                null,
                free >= check.minFreeMebibytes() ? null : free + " MiB are free",
                free + " MiB free",
                text -> new Failure(
                        "disk-full",
                        "The disk of " + host + " is full: " + text + ", " + check.minFreeMebibytes()
                                + " MiB are needed.",
                        "Make room on the host, then " + AGAIN));
        return verdict.outcome();
    }

    private void root() {
        boolean root = verdict.word("uid").equals("0");
        verdict.hold(
                "root-may-write",
                "G8",
                root && answer.says("root-writable")
                        ? null
                        : root ? "/root cannot be written to" : "Interlock does not get root rights",
                "root rights, /root can be written to",
                text -> new Failure(
                        root ? "root-not-writable" : "not-root",
                        "The installer needs administration rights and a directory /root that root can write to (G8). On "
                                + host + ": " + text + ".",
                        (root ? "Make /root writable for root, then " : "Give the user root rights through sudo, then ")
                                + AGAIN));
    }

    private void installer(String path) {
        String how = verdict.word("installer");
        verdict.hold(
                "installer-there",
                "G1",
                how.equals("whole") ? null : how.isEmpty() ? "missing" : how.replace('-', ' '),
                path + " is whole",
                text -> new Failure(
                        "installer-" + (how.isEmpty() ? "missing" : how),
                        "The installer " + path + " on " + host + " is " + text
                                + ". It has to be on all systems with UMS components before the first is updated (G1).",
                        switch (how) {
                            case "damaged" -> "Copy it there again and compare its checksum with IGEL's, then " + AGAIN;
                            case "not-executable" -> "Run chmod +x " + path + " there, then " + AGAIN;
                            default -> "Copy it there, then " + AGAIN;
                        }));
    }

    /** No two servers may differ by more than a minute: each may be off Interlock's clock by half of it, error included (G5). */
    private void clock(Duration tolerance) {
        Optional<Instant> first = instant(verdict.word("clock"));
        Optional<Instant> last = instant(verdict.word("clock-end"));
        if (first.isEmpty() || last.isEmpty()) {
            verdict.hold(
                    "clock",
                    "G5",
                    "its date command does not tell seconds",
                    "",
                    text -> new Failure(
                            "clock-unknown",
                            "The clock of " + host + " cannot be read: " + text + ".",
                            "Look at it, then " + AGAIN));
            return;
        }
        Duration before = Duration.between(verdict.asked(), first.get());
        Duration after = Duration.between(verdict.answered(), last.get());
        Duration offset = before.plus(after).dividedBy(2);
        Duration error = before.minus(after).dividedBy(2).abs();
        String shown = "%.2f s %s Interlock's clock (± %.2f s)"
                .formatted(
                        offset.abs().toMillis() / 1000.0,
                        offset.isNegative() ? "behind" : "ahead of",
                        (error.toMillis() + 1) / 1000.0);
        verdict.hold(
                "clock",
                "G5",
                offset.abs().plus(error).compareTo(tolerance) <= 0 ? null : shown,
                shown,
                text -> new Failure(
                        "clock-skew",
                        "The clock of " + host + " is " + text
                                + ". Servers of a UMS network may not differ by more than "
                                + tolerance.multipliedBy(2).toSeconds() + " s, so each may be off by "
                                + tolerance.toSeconds()
                                + " s (G5).",
                        "Put its time synchronisation right. If you set the clock by hand, restart the HA services there (watchdog, server,"
                                + " load balancer; G6). Then " + AGAIN));
    }

    private static Optional<Instant> instant(String text) {
        Matcher m = EPOCH.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        String fraction = m.group(2) == null ? "0" : m.group(2);
        return Optional.of(Instant.ofEpochSecond(
                Long.parseLong(m.group(1)), Long.parseLong((fraction + "000000000").substring(0, 9))));
    }
}
