package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.UmsAction.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges what the hosts of an IGEL UMS network answered. */
final class UmsVerdicts {
    private static final String AGAIN = "retry the step and resume the run.";
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?.*");
    private static final Pattern COUNTED = Pattern.compile("(\\d+) of (\\d+) servers updated");

    private final StepVerdict verdict;
    private final HostAnswer answer;
    private final String host;

    UmsVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome of(UmsAction action) {
        return switch (action) {
            case UmsAction.CheckNode check -> checked(check);
            case UmsAction.BackUpDatabase backup -> backedUp(backup);
            case UmsAction.EnterUpdateMode enter -> entered(enter);
            case UmsAction.UpdateServer update -> updated(update);
            case UmsAction.RenewSchema renew -> renewed(renew);
            case UmsAction.ReturnToNormalMode back -> returned(back);
            case UmsAction.StopLoadBalancer stop -> stopped(stop);
            case UmsAction.UpdateComponent component -> installed(component);
            case UmsAction.ProveNode prove -> proven(prove);
        };
    }

    // ---- preflight

    private StepOutcome checked(UmsAction.CheckNode check) {
        boolean ums = !check.node().kind().equals("database");
        if (ums) {
            root();
            installer(check.installer().path());
            String found = verdict.word("installed");
            verdict.hold(
                    "version-as-planned",
                    "G4",
                    found.equals(check.installed())
                            ? List.of()
                            : List.of("it has " + (found.isEmpty() ? "none" : found)),
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
            members(members);
            dataSource(true);
        }
        if (check.backup()) {
            verdict.hold(
                    "backup-tools",
                    "G3",
                    verdict.word("pg-tools").equals("there")
                            ? List.of()
                            : List.of("pg_dump or pg_restore is not there"),
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
                free >= check.minFreeMebibytes() ? List.of() : List.of(free + " MiB are free"),
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
                        ? List.of()
                        : List.of(root ? "/root cannot be written to" : "Interlock does not get root rights"),
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
                how.equals("whole") ? List.of() : List.of(how.isEmpty() ? "missing" : how.replace('-', ' ')),
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
                    List.of("its date command does not tell seconds"),
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
                offset.abs().plus(error).compareTo(tolerance) <= 0 ? List.of() : List.of(shown),
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

    private void members(Members members) {
        compare("servers-registered", "servers", rows("servers", 4), 0, members.servers());
        List<String[]> network = rows("network", 6).stream()
                .filter(row -> row[0].equals("load-balancer"))
                .toList();
        if (rows("network", 6).isEmpty()) {
            verdict.held(
                    "load-balancers-registered",
                    "G2",
                    "not told by this UMS' command line: a person compares them in the console");
        } else {
            compare("load-balancers-registered", "load balancers", network, 1, members.loadBalancers());
        }
    }

    private void compare(String check, String what, List<String[]> rows, int column, List<String> planned) {
        var unknown = new ArrayList<String>();
        for (String[] row : rows) {
            if (planned.stream().noneMatch(p -> sameHost(p, row[column]))) {
                unknown.add(row[column] + (row[column + 1].isBlank() ? "" : " (" + row[column + 1] + ")"));
            }
        }
        List<String> absent = planned.stream()
                .filter(p -> rows.stream().noneMatch(row -> sameHost(p, row[column])))
                .toList();
        var broken = new ArrayList<String>();
        if (!unknown.isEmpty()) {
            broken.add("registered but not in the plan: " + String.join(", ", unknown));
        }
        if (!absent.isEmpty()) {
            broken.add("in the plan but not registered: " + String.join(", ", absent));
        }
        verdict.hold(
                check,
                "G2",
                broken,
                planned.isEmpty() ? "none" : String.join(", ", planned),
                text -> new Failure(
                        unknown.isEmpty() ? "not-registered" : "orphans",
                        "The UMS knows other " + what + " than the plan, asked on " + host + ": " + text + "."
                                + (unknown.isEmpty()
                                        ? ""
                                        : " An orphaned entry keeps servers from coming back to the productive database (G24)."),
                        unknown.isEmpty()
                                ? "See in the console under UMS Administration > UMS Network why it is missing, then "
                                        + AGAIN
                                : "If it does not exist, delete its entry in the console under UMS Administration > UMS Network, then "
                                        + AGAIN + " If it does exist, add it to the deployment and make a new plan."));
    }

    private static boolean sameHost(String planned, String registered) {
        String a = planned.toLowerCase(Locale.ROOT);
        String b = registered.strip().toLowerCase(Locale.ROOT);
        return a.equals(b)
                || ((a.indexOf('.') < 0 || b.indexOf('.') < 0) && a.split("\\.", 2)[0].equals(b.split("\\.", 2)[0]));
    }

    private List<String[]> rows(String block, int columns) {
        return answer.block(block).stream()
                .map(line -> line.split(";", -1))
                .filter(row -> row.length >= columns)
                .toList();
    }

    /** @param copyWillDo in update mode the productive database need not be the active one */
    private void dataSource(boolean copyWillDo) {
        List<String[]> productive = rows("sources", 8).stream()
                .filter(row -> !row[2].equalsIgnoreCase("embedded"))
                .toList();
        boolean active = productive.stream().anyMatch(row -> row[7].strip().equalsIgnoreCase("true"));
        String name = productive.isEmpty()
                ? "none"
                : productive.getFirst()[2] + " " + productive.getFirst()[5] + " on "
                        + productive.getFirst()[3] + ":" + productive.getFirst()[4];
        var broken = new ArrayList<String>();
        if (productive.isEmpty()) {
            broken.add("there is no data source but an embedded one");
        } else if (!answer.says("db-answers")) {
            broken.add(name + " does not answer"
                    + (verdict.word("db-silent").isEmpty() ? "" : ": " + verdict.word("db-silent")));
        } else if (!active && !(copyWillDo && verdict.word("mode").equals("update"))) {
            broken.add(name + " is not active");
        }
        verdict.hold(
                "data-source",
                "G23",
                broken,
                name + (active ? " is active and answers" : " answers; the server works on its copy"),
                text -> new Failure(
                        productive.isEmpty() || active || !answer.says("db-silent") ? "data-source" : "database-gone",
                        "The data source of " + host + " is not as it must be: " + text + ".",
                        "Look at the UMS Administrator, Datasource, on " + host + "; put it right, then " + AGAIN));
    }

    // ---- backup

    private StepOutcome backedUp(UmsAction.BackUpDatabase backup) {
        String rc = verdict.word("rc");
        String database = answer.word("database").orElse("the productive database");
        if (rc.equals("0")
                && verdict.word("bytes").matches("\\d+")
                && verdict.word("sha256").matches("[0-9a-f]{64}")) {
            String file = UmsScripts.backupFile(verdict.order(), backup);
            verdict.held("dumped", "G3", database + ": " + verdict.word("bytes") + " bytes in " + file);
            verdict.held(
                    "restorable", "G3", "pg_restore lists " + verdict.word("entries") + " entries and reads all data");
            return verdict.outcome(Findings.backup(
                    "database", host + ":" + file, Long.parseLong(verdict.word("bytes")), verdict.word("sha256")));
        }
        return verdict.failed(whyNoBackup(backup, rc, database));
    }

    private Failure whyNoBackup(UmsAction.BackUpDatabase backup, String rc, String database) {
        String said = answer.said();
        String nothing = " Nothing was changed.";
        if (verdict.noRoom()) {
            return verdict.diskFull();
        }
        if (said.contains("authentication failed") && backup.secret() != null) {
            return new Failure(
                    SshHostWork.PASSWORD_REFUSED,
                    "The database refuses the password of credential " + backup.secret() + " for " + database + "."
                            + nothing,
                    "Put the password right; it is not tried again as it is. Then " + AGAIN);
        }
        if (said.contains("authentication failed") || said.contains("no password supplied")) {
            return new Failure(
                    "database-login",
                    "pg_dump on " + host + " may not log on to " + database + ": " + verdict.lastLine() + "." + nothing,
                    "Set database.credential of the deployment to a credential with the password and make a new plan; or put it into"
                            + " root's .pgpass on " + host + ", then " + AGAIN);
        }
        return switch (rc) {
            case "31" ->
                new Failure(
                        "backup-failed",
                        "pg_dump on " + host + " could not dump " + database + ": " + verdict.lastLine() + "."
                                + nothing,
                        "Remove the cause, then " + AGAIN);
            case "32", "33" ->
                new Failure(
                        "backup-unusable",
                        "The dump of " + database + " could not be restored: pg_restore on " + host + " says: "
                                + verdict.lastLine() + "." + nothing + " The file is deleted.",
                        "See whether pg_dump fits the database's version and the disk is sound, then retry the step, which dumps anew, and"
                                + " resume the run.");
            case "34" ->
                new Failure(
                        "no-database",
                        "The UMS on " + host + " names no external database to back up." + nothing,
                        "Set database.host, database.port, database.name and database.user of the deployment and make a new plan.");
            case "" ->
                new Failure(
                        "interrupted",
                        "The backup on " + host + " was cut off: the host went down or pg_dump was killed." + nothing,
                        "Retry the step, which dumps anew, and resume the run.");
            default ->
                new Failure(
                        "exit-" + rc,
                        "The backup on " + host + " ended with exit status " + rc + ": " + verdict.lastLine() + "."
                                + nothing,
                        "See the step's output, then " + AGAIN);
        };
    }

    // ---- servers

    private StepOutcome entered(UmsAction.EnterUpdateMode enter) {
        if (!answer.says("already") && !answer.says("entered")) {
            return verdict.failed(
                    installerFailed(enter.target(), enter.installer().path()));
        }
        killed();
        verdict.held(
                "update-mode",
                "G11",
                answer.says("already")
                        ? "UMS " + enter.target() + " was installed already"
                        : "the server works on its own copy of the database");
        return verdict.outcome();
    }

    private void killed() {
        answer.word("killed")
                .ifPresent(unit ->
                        verdict.held("load-balancer-stopped", "G21", unit + " hung and was killed after its time-out"));
    }

    private StepOutcome updated(UmsAction.UpdateServer update) {
        if (!verdict.word("installed").equals(update.target())) {
            return verdict.failed(
                    installerFailed(update.target(), update.installer().path()));
        }
        killed();
        Matcher m = COUNTED.matcher(verdict.word("counted"));
        if (m.find()) {
            int of = Integer.parseInt(m.group(2));
            verdict.held(
                    "servers-updated",
                    "G14",
                    m.group()
                            + (of == update.servers()
                                    ? ""
                                    : "; the plan has " + update.servers()
                                            + ": an entry without a server keeps the schema from being renewed (G24)"));
        } else {
            verdict.held("servers-updated", "G14", "the installer did not say how many; Interlock counts by itself");
        }
        services(update.node());
        running(update.target(), "answers-devices", "G11");
        return verdict.outcome();
    }

    private void services(UmsAction.Node node) {
        List<String> down = node.units().stream()
                .filter(u -> !answer.active(u))
                .map(verdict::stateOf)
                .toList();
        verdict.hold(
                "processes-running",
                "G22",
                down,
                node.units().isEmpty() ? "none belong to it" : String.join(", ", node.units()) + " run",
                text -> new Failure(
                        "service-down",
                        "On " + host + " not all HA services run: " + text + ".",
                        "See the services' logs on the host, start them, then " + AGAIN));
    }

    private void running(String target, String name, String clause) {
        String status = json(verdict.word("status"), "status");
        String version = json(verdict.word("server"), "rmGuiServerVersion");
        boolean good = (status.equals("ok") || status.equals("warn")) && version.equals(target);
        String observed = version.isEmpty()
                ? "nothing answers"
                : "status " + (status.isEmpty() ? "unknown" : status) + ", version " + version;
        verdict.hold(
                name,
                clause,
                good ? List.of() : List.of(observed),
                observed,
                text -> new Failure(
                        version.isEmpty() || version.equals(target) ? "does-not-answer" : "old-process",
                        "The UMS Server on " + host + " does not answer as " + target + ": " + text + ".",
                        "See its log in the UMS' folder rmguiserver/logs and restart it if need be, then " + AGAIN));
    }

    private Failure installerFailed(String target, String path) {
        String rc = verdict.word("rc");
        String what = "The installer of UMS " + target + " on " + host;
        String last = verdict.lastLine();
        String unchanged = " Nothing was changed on " + host + "; the other servers go on.";
        return switch (rc) {
            case "2" ->
                new Failure(
                        "installer-damaged",
                        what + " is damaged: " + last + "." + unchanged,
                        "Copy " + path + " there again, compare its checksum with IGEL's, then " + AGAIN);
            case "3" ->
                new Failure(
                        "root-not-writable",
                        what + " has no root rights, or cannot write to /root (G8): " + last + "." + unchanged,
                        "Put that right, then " + AGAIN);
            case "4" ->
                new Failure(
                        "newer-installed",
                        what + " finds a newer UMS there, and an older one cannot be installed (G4): " + last + ".",
                        "Make a new plan. To go back, build a separate HA network and restore the backup of its schema.");
            case "5" ->
                new Failure(
                        "database-gone",
                        what + " does not reach the productive database, so no copy could be made: " + last + "."
                                + unchanged,
                        "Bring the database back, then " + AGAIN);
            case "6", "91" ->
                new Failure(
                        "service-not-stopped",
                        what + " could not stop a service: " + last + ".",
                        "See which process hangs there, end it, then " + AGAIN);
            case "7" ->
                new Failure(
                        "installer-refused",
                        what + " refuses to begin: " + last + "." + unchanged,
                        "Remove the cause, then retry the step, which runs the installer again, and resume the run.");
            case "8" ->
                new Failure(
                        "installer-broke",
                        what + " broke in the middle: " + last
                                + ". The other servers go on answering devices; there is no way back but forward (G4).",
                        "Remove the cause, then retry the step, which runs the installer again, and resume the run.");
            case "9" ->
                new Failure(
                        "another-installer",
                        what + " finds another installation going on: " + last + ".",
                        "See who runs it; when it is done, " + AGAIN);
            case "" ->
                new Failure(
                        "interrupted",
                        what + " was cut off: the host went down, or somebody killed it.",
                        "See that the host is sound, then retry the step, which runs the installer again, and resume the run.");
            case "0" ->
                new Failure(
                        "not-installed",
                        what + " ended well, but "
                                + (verdict.word("installed").isEmpty() ? "no UMS" : "UMS " + verdict.word("installed"))
                                + " is installed there.",
                        "See the step's output, then " + AGAIN);
            default ->
                new Failure(
                        "exit-" + rc,
                        what + " ended with exit status " + rc + ": " + last + ".",
                        "See the step's output; remove the cause, then retry the step, which runs the installer again, and resume.");
        };
    }

    // ---- the schema, and back to the productive database

    private StepOutcome renewed(UmsAction.RenewSchema renew) {
        if (answer.says("renewed")) {
            verdict.held(
                    "schema-renewed",
                    "G16",
                    "schema " + renew.schema()
                            + (verdict.word("counted").isEmpty() ? "" : " after " + verdict.word("counted")));
            dataSource(false);
            return verdict.outcome(Map.of(Findings.SCHEMA_VERSION, renew.schema()));
        }
        if (!answer.says("db-answers")) {
            return verdict.failed(databaseGone("the schema cannot be renewed"));
        }
        Matcher m = COUNTED.matcher(verdict.word("counted"));
        boolean orphan = m.find() && !m.group(1).equals(m.group(2));
        String activated = verdict.word("rc").isEmpty() || verdict.word("rc").equals("0")
                ? ""
                : " umsadmin-cli said: " + verdict.lastLine() + ".";
        return verdict.failed(new Failure(
                "schema-not-renewed",
                host + ", the last server, has not renewed the schema of the productive database to " + renew.schema()
                        + "."
                        + (orphan
                                ? " Its installer counted " + m.group()
                                        + ": an entry is registered for which there is no server (G24)."
                                : "")
                        + activated
                        + " All servers go on answering devices, each on its own copy.",
                (orphan ? "Delete the orphaned entry under UMS Administration > UMS Network. Then retry" : "Retry")
                        + " the step: it switches the data source of " + host
                        + " to the productive database with 'umsadmin-cli db activate', and the first server to connect renews the schema."
                        + " Or switch it by hand in the UMS Administrator, Datasource; then " + AGAIN));
    }

    private StepOutcome returned(UmsAction.ReturnToNormalMode back) {
        if (answer.says("back")) {
            verdict.held("normal-mode", "G17", "normal mode");
            dataSource(false);
            running(back.target(), "answers-devices", "G17");
            return verdict.outcome();
        }
        if (!answer.says("db-answers")) {
            return verdict.failed(databaseGone(host + " cannot come back to it"));
        }
        if (verdict.word("mode").equals("normal")) {
            running(back.target(), "answers-devices", "G17");
            return verdict.holds()
                    ? verdict.failed(new Failure(
                            "not-settled",
                            host + " was not steadily in normal mode and answering within the time given.",
                            "Look at it, then " + AGAIN))
                    : verdict.outcome();
        }
        String activated = verdict.word("rc").isEmpty() || verdict.word("rc").equals("0")
                ? ""
                : " umsadmin-cli said: " + verdict.lastLine() + ".";
        return verdict.failed(new Failure(
                "stays-on-copy",
                host + " did not reconnect to the productive database: it still works on its own copy, "
                        + inWords(back.patience())
                        + " after it should have been told (G24). It answers devices, but with what it knew before the update."
                        + activated,
                "Retry the step: it switches the data source with 'umsadmin-cli db activate'. Or switch it by hand in the UMS"
                        + " Administrator, Datasource, on " + host + "; then " + AGAIN));
    }

    private Failure databaseGone(String therefore) {
        return new Failure(
                "database-gone",
                "The productive database does not answer " + host + ", so " + therefore
                        + (verdict.word("db-silent").isEmpty() ? "" : ": " + verdict.word("db-silent"))
                        + ". Servers in update mode go on answering devices on their copies.",
                "Bring the database back, then " + AGAIN);
    }

    // ---- load balancers and consoles

    private StepOutcome stopped(UmsAction.StopLoadBalancer stop) {
        List<String> up = stop.node().units().stream()
                .filter(u -> !answer.stopped(u))
                .map(verdict::stateOf)
                .toList();
        String killed = verdict.word("killed");
        verdict.hold(
                "load-balancer-stopped",
                "G21",
                up,
                killed.isEmpty()
                        ? "stopped by itself"
                        : killed + " did not stop within " + inWords(stop.patience()) + " and was killed",
                text -> new Failure(
                        "service-not-stopped",
                        "On " + host + " not stopped, not even by killing: " + text + ".",
                        "See which process hangs there, end it, then " + AGAIN));
        return verdict.outcome();
    }

    private StepOutcome installed(UmsAction.UpdateComponent component) {
        String found = verdict.word("installed");
        if (!found.equals(component.target())) {
            return verdict.failed(
                    installerFailed(component.target(), component.installer().path()));
        }
        verdict.held("version", "G18", "UMS " + found);
        services(component.node());
        return verdict.outcome();
    }

    // ---- proof

    private StepOutcome proven(UmsAction.ProveNode prove) {
        String found = verdict.word("installed");
        verdict.hold(
                "updated",
                "G25",
                found.equals(prove.target()) ? List.of() : List.of("UMS " + (found.isEmpty() ? "none" : found)),
                "UMS " + found,
                text -> new Failure(
                        "wrong-version",
                        host + " has " + text + ", not " + prove.target() + ".",
                        "See who changed it; install it again, then " + AGAIN));
        services(prove.node());
        Members members = prove.members();
        if (members != null) {
            running(prove.target(), "answers", "G25");
            String mode = verdict.word("mode");
            verdict.hold(
                    "normal-mode",
                    "G25",
                    mode.equals("normal") ? List.of() : List.of("mode " + mode),
                    "normal mode",
                    text -> new Failure(
                            "stays-on-copy",
                            host + " is not in normal mode: " + text + " (G24).",
                            "Switch its data source in the UMS Administrator, Datasource, then " + AGAIN));
            dataSource(false);
            members(members);
            everybody(prove.target());
        }
        return verdict.outcome();
    }

    private void everybody(String target) {
        var behind = new ArrayList<String>();
        Collection<String[]> network = rows("network", 6);
        for (String[] row : network) {
            if (!row[4].equals(target) || !row[5].strip().equals("normal")) {
                behind.add(row[1] + " has " + row[4] + ", mode " + row[5].strip());
            }
        }
        if (network.isEmpty()) {
            for (String[] row : rows("servers", 4)) {
                if (!row[3].strip().equals(target)) {
                    behind.add(row[0] + " has " + row[3].strip());
                }
            }
        }
        verdict.hold(
                "everyone-updated",
                "G25",
                behind,
                rows(network.isEmpty() ? "servers" : "network", 4).stream()
                        .map(row -> row[network.isEmpty() ? 0 : 1])
                        .collect(Collectors.joining(", ")),
                text -> new Failure(
                        "not-everyone-updated",
                        "By the UMS' own list, asked on " + host + ", not everyone is updated and in normal mode: "
                                + text + ".",
                        "See UMS Administration > UMS Network in the console; put it right, then " + AGAIN));
    }

    // ---- words

    private static String json(String text, String field) {
        Matcher m = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(text);
        return m.find() ? m.group(1) : "";
    }

    private static String inWords(Duration d) {
        return d.toSeconds() % 60 == 0 && d.toMinutes() > 0 ? d.toMinutes() + " min" : d.toSeconds() + " s";
    }
}
