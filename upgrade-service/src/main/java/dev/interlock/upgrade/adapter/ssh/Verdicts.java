package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.upgrade.adapter.ssh.HostAnswer.Installed;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges what a host answered: did the step do what it is for, and if not, why, in a sentence a person can act on. */
final class Verdicts {
    private static final int MOST_OUTPUT = 20_000;
    private static final String RETRY = "Remove the cause, then retry the step.";
    private static final Pattern DNF_LOCK = Pattern.compile("The application with PID (\\d+) is: (\\S+)");
    private static final Pattern SCRIPTLET = Pattern.compile(
            "%?(pre|post|preun|postun|pretrans|posttrans)(?:in)?\\(([^)]+)\\) scriptlet failed",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SCRIPTLET_OF = Pattern.compile("Error in (\\w+) scriptlet in rpm package (\\S+)");
    private static final Pattern DOWNLOAD = Pattern.compile("Failed to download metadata for repo '?([^':]+)'?");
    private static final Pattern STATUS = Pattern.compile("Status code: (\\d{3}) for (\\S+)");
    private static final Pattern NO_MATCH = Pattern.compile("No match for argument: (\\S+)");

    final StepOrder order;
    private final CommandResult result;
    final HostAnswer answer;
    private final Instant answered;
    final String host;

    private Verdicts(StepOrder order, CommandResult result, Instant answered) {
        this.order = order;
        this.result = result;
        this.answered = answered;
        this.answer = HostAnswer.of(result.out());
        this.host = order.host().name();
    }

    /** @param answered when the host's answer was there, by this service's clock */
    static StepOutcome of(StepOrder order, CommandResult result, Instant answered) {
        return new Verdicts(order, result, answered).judge();
    }

    StepOrder order() {
        return order;
    }

    HostAnswer answer() {
        return answer;
    }

    /** From asking to the answer, by this service's clock. */
    Instant asked() {
        return answered.minus(result.took());
    }

    Instant answered() {
        return answered;
    }

    private StepOutcome judge() {
        Optional<Failure> general = general();
        if (general.isPresent()) {
            return outcome(List.of(), general.get());
        }
        return switch (order.step().action()) {
            case Action.CheckHost check -> checked(check);
            case Action.StopServices stop -> stopped(stop);
            case Action.UpgradePackages upgrade -> upgraded(upgrade);
            case Action.StartServices start -> started(start);
            case Action.ProveVersion prove -> proven(prove);
            case UmsAction ums -> new UmsVerdicts(this).of(ums);
            case LicenseServerAction licenseServer -> new LicenseServerVerdicts(this).judge(licenseServer);
            case Gate gate -> throw new IllegalArgumentException("a gate is for people, not for a host");
        };
    }

    StepOutcome outcome(List<Check> checks, @Nullable Failure failure) {
        return outcome(checks, failure, Map.of());
    }

    StepOutcome outcome(List<Check> checks, @Nullable Failure failure, Map<String, String> findings) {
        String said = answer.said()
                + (result.err().isBlank() ? "" : "\n" + result.err().strip() + "\n");
        String output = said.length() <= MOST_OUTPUT ? said : "…\n" + said.substring(said.length() - MOST_OUTPUT);
        return new StepOutcome(checks, failure, output, answer.phases(), findings);
    }

    /** What can go wrong in any step. */
    private Optional<Failure> general() {
        if (answer.says("no-claim")) {
            return Optional.of(
                    noRoom()
                            ? diskFull()
                            : new Failure(
                                    "no-jobs-folder",
                                    "On " + host + " the folder for Interlock's jobs cannot be written: " + lastLine()
                                            + ".",
                                    RETRY));
        }
        if (answer.says("still-running")) {
            return Optional.of(new Failure(
                    "still-running",
                    "What an attempt at '" + order.step().title() + "' began is still going on as process "
                            + answer.word("still-running").orElse("?") + ".",
                    "Look at it on the host. The retry waits for it and does not begin anything beside it."));
        }
        if (answer.complete()) {
            return Optional.empty();
        }
        String err = result.err().strip();
        if (err.contains("sudo:")) {
            return Optional.of(new Failure(
                    "sudo-refused",
                    "User " + order.host().user() + " may not use sudo without a password on " + host + ": " + last(err)
                            + ".",
                    "Allow it in sudoers, or use another credential."));
        }
        return Optional.of(new Failure(
                "script-failed",
                "The script ended early on " + host + " with exit status " + result.exit() + ": "
                        + (err.isEmpty() ? lastLine() : last(err)) + ".",
                "See the step's output, then retry."));
    }

    // ---- preflight

    private StepOutcome checked(Action.CheckHost check) {
        var checks = new ArrayList<Check>();
        var failures = new ArrayList<Failure>();
        List<String> changed = differences(check.packages());
        hold(
                checks,
                failures,
                "packages-as-planned",
                "K2",
                changed,
                () -> shown(check.packages()),
                text -> new Failure(
                        "changed-since-plan",
                        host + " has changed since the plan was made: " + text + ".",
                        "Probe the host, make a new plan and have it approved."));
        List<String> twice = twice();
        hold(
                checks,
                failures,
                "nothing-twice",
                "K8",
                twice.isEmpty() ? List.of() : List.of(String.join(", ", twice) + " installed twice"),
                () -> "no package is installed twice",
                text -> new Failure(
                        "duplicates",
                        "An interrupted transaction left its traces on " + host + ": " + text + ".",
                        "Repair it with 'dnf remove --duplicates', then retry."));
        List<String> missing = check.units().stream()
                .filter(u -> !answer.unit(u).getOrDefault("LoadState", "").equals("loaded"))
                .map(u -> u + " is " + answer.unit(u).getOrDefault("LoadState", "not there"))
                .toList();
        hold(
                checks,
                failures,
                "services-there",
                "K5",
                missing,
                () -> String.join(", ", check.units()),
                text -> new Failure(
                        "service-missing",
                        "A service is not there on " + host + ": " + text + ".",
                        "Probe the host, make a new plan and have it approved."));
        long free = answer.freeKibibytes().orElse(-1L) / 1024;
        boolean room = answer.says("writable") && free >= check.minFreeMebibytes();
        hold(
                checks,
                failures,
                "disk-space",
                null,
                room
                        ? List.of()
                        : List.of(free + " MiB are free under /var"
                                + (answer.says("writable") ? "" : " and nothing can be written")),
                () -> free + " MiB free under /var",
                text -> new Failure(
                        "disk-full",
                        "The disk of " + host + " is full: " + text + ", " + check.minFreeMebibytes()
                                + " MiB are needed.",
                        "Make room on the host, then retry the step."));
        hold(
                checks,
                failures,
                "package-manager-free",
                null,
                answer.word("locked").map(l -> List.of(lockedBy(l))).orElse(List.of()),
                () -> "nobody holds its lock",
                this::locked);
        return outcome(checks, failures.isEmpty() ? null : failures.getFirst());
    }

    interface Words {
        String get();
    }

    interface Why {
        Failure of(String text);
    }

    static void hold(
            List<Check> checks,
            List<Failure> failures,
            String name,
            @Nullable String clause,
            List<String> broken,
            Words good,
            Why why) {
        String text = String.join("; ", broken);
        checks.add(new Check(name, clause, broken.isEmpty(), broken.isEmpty() ? good.get() : text));
        if (!broken.isEmpty()) {
            failures.add(why.of(text));
        }
    }

    // ---- services

    private StepOutcome stopped(Action.StopServices stop) {
        List<String> up = stop.units().stream()
                .filter(u -> !answer.stopped(u))
                .map(this::stateOf)
                .toList();
        if (up.isEmpty()) {
            return outcome(
                    List.of(new Check("services-stopped", "K5", true, String.join(", ", stop.units()) + " stopped")),
                    null);
        }
        return outcome(
                List.of(),
                new Failure(
                        "service-not-stopped",
                        "Not stopped on " + host + ": " + String.join(", ", up) + said(". systemctl said: ") + ".",
                        "See why the service does not stop, then retry the step."));
    }

    private StepOutcome started(Action.StartServices start) {
        List<String> down =
                start.units().stream().filter(u -> !answer.active(u)).toList();
        List<String> restarted = start.units().stream()
                .filter(u -> answer.active(u)
                        && !answer.unit(u).getOrDefault("NRestarts", "0").equals("0"))
                .toList();
        if (down.isEmpty() && restarted.isEmpty()) {
            return outcome(
                    List.of(new Check(
                            "services-running",
                            "K9",
                            true,
                            start.units().stream().map(this::stateOf).collect(Collectors.joining(", ")) + ", up for "
                                    + start.settle().toMillis() / 1000.0 + " s")),
                    null);
        }
        boolean refused =
                answer.word("rc").map(rc -> !rc.isEmpty() && !rc.equals("0")).orElse(false);
        String which =
                (down.isEmpty() ? restarted : down).stream().map(this::stateOf).collect(Collectors.joining(", "));
        return outcome(
                List.of(),
                refused
                        ? new Failure(
                                "service-does-not-start",
                                "Does not start on " + host + ": " + which + said(". The host said: ") + ".",
                                "See the service's log on the host; put its configuration right, then retry the step.")
                        : new Failure(
                                "service-died",
                                "Started on " + host + " and died within "
                                        + start.settle().toMillis() / 1000.0 + " s: " + which
                                        + (lastOwnWords().isEmpty() ? "" : ". Its log ends with: " + lastOwnWords())
                                        + ".",
                                "See the service's log on the host. If its vendor offers another build of this version, a retry installs that."));
    }

    String stateOf(String unit) {
        Map<String, String> u = answer.unit(unit);
        String result = u.getOrDefault("Result", "success");
        return unit + " is " + u.getOrDefault("ActiveState", "unknown")
                + (result.equals("success") ? "" : " (" + result + ")");
    }

    // ---- packages

    private StepOutcome upgraded(Action.UpgradePackages upgrade) {
        return upgraded(upgrade, "K8");
    }

    /** @param clause which the product has for it */
    StepOutcome upgraded(Action.UpgradePackages upgrade, String clause) {
        List<String> twice = twice();
        List<String> wrong = differences(upgrade.packages());
        boolean answered =
                answer.word("rc").map(rc -> rc.equals("0") || rc.isEmpty()).orElse(true);
        if (answered && twice.isEmpty() && wrong.isEmpty()) {
            return outcome(List.of(new Check("package-versions", clause, true, shown(upgrade.packages()))), null);
        }
        return outcome(
                List.of(new Check(
                        "package-versions",
                        clause,
                        false,
                        twice.isEmpty() ? String.join("; ", wrong) : doubles(twice))),
                whyNot(upgrade, twice, wrong));
    }

    private Failure whyNot(Action.UpgradePackages upgrade, List<String> twice, List<String> wrong) {
        String said = answer.said();
        String rc = answer.word("rc").orElse("");
        Optional<String> locked = answer.word("locked");
        Matcher dnfLock = DNF_LOCK.matcher(said);
        if (locked.isPresent()) {
            return locked(lockedBy(locked.get()));
        }
        if (rc.equals("200") && dnfLock.find()) {
            return locked("process " + dnfLock.group(1) + " (" + dnfLock.group(2) + ")");
        }
        if (said.contains("can't create transaction lock") || said.contains("can't create rpm lock")) {
            return new Failure(
                    "rpm-locked",
                    "Another process holds rpm's lock on " + host + ", so the transaction could not begin.",
                    "See who uses rpm there; retry the step when it is done.");
        }
        if (noRoom()) {
            return diskFull();
        }
        Matcher scriptlet = SCRIPTLET.matcher(said);
        Matcher scriptletOf = SCRIPTLET_OF.matcher(said);
        if (scriptlet.find()) {
            return scriptletFailed(scriptlet.group(1), scriptlet.group(2), said.substring(0, scriptlet.start()));
        }
        if (scriptletOf.find()) {
            return scriptletFailed(scriptletOf.group(1), scriptletOf.group(2), "");
        }
        if (rc.isEmpty() || !twice.isEmpty()) {
            return new Failure(
                    "interrupted",
                    "The transaction on " + host
                            + " was cut off in the middle: the host went down, or its package manager was killed"
                            + (twice.isEmpty() ? "" : "; " + doubles(twice)) + ".",
                    "Retry the step: it removes what is there twice, then upgrades.");
        }
        Matcher download = DOWNLOAD.matcher(said);
        if (download.find()
                || said.contains("Cannot download")
                || said.contains("Curl error")
                || said.contains("All mirrors were tried")) {
            Matcher status = STATUS.matcher(said);
            download.reset();
            String repository = download.find() ? "repository '" + download.group(1) + "'" : "repository";
            return new Failure(
                    "repository",
                    "The " + repository + " cannot be read from " + host
                            + (status.find()
                                    ? ": it answers " + status.group(1) + " for " + status.group(2)
                                    : said(": "))
                            + ".",
                    "Put the repository right, then retry the step.");
        }
        var missing = new TreeSet<String>();
        Matcher noMatch = NO_MATCH.matcher(said);
        while (noMatch.find()) {
            missing.add(noMatch.group(1));
        }
        if (!missing.isEmpty() || rc.equals("0")) {
            return new Failure(
                    "not-offered",
                    "The repositories of " + host + " do not offer "
                            + (missing.isEmpty() ? shown(upgrade.packages()) : String.join(", ", missing))
                            + "; installed: "
                            + String.join("; ", wrong) + ".",
                    "See which repositories the host has, and whether they hold the release; then retry the step.");
        }
        return new Failure(
                "exit-" + rc,
                "The package manager on " + host + " ended with exit status " + rc + ": " + lastLine() + ".",
                "See the step's output; " + RETRY.toLowerCase(java.util.Locale.ROOT));
    }

    private Failure scriptletFailed(String which, String packageName, String before) {
        String own = before.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty() && !l.startsWith("error:") && !l.matches(".*\\d+/\\d+\\s*$"))
                .reduce((a, b) -> b)
                .map(l -> ". It said: " + l)
                .orElse("");
        String kind =
                which.toLowerCase(java.util.Locale.ROOT).startsWith("post") ? "post-installation" : "pre-installation";
        return new Failure(
                "package-script",
                "The " + kind + " script of " + packageName + " failed on " + host + own + ".",
                "Remove what the package complains of, or get a good package from its vendor; then retry the step.");
    }

    Failure locked(String who) {
        return new Failure(
                "package-manager-locked",
                "The package manager of " + host + " is locked by " + who + ".",
                "See what that process does; retry the step when it is done.");
    }

    /** From {@code <file> <pid> <name>}. */
    static String lockedBy(String word) {
        String[] p = word.split(" ", 3);
        return "process " + (p.length > 1 ? p[1] : "?") + (p.length > 2 && !p[2].isBlank() ? " (" + p[2] + ")" : "")
                + ", which holds " + p[0];
    }

    // ---- proof

    private StepOutcome proven(Action.ProveVersion prove) {
        var checks = new ArrayList<Check>();
        var failures = new ArrayList<Failure>();
        List<String> twice = twice();
        List<String> wrong = new ArrayList<>(differences(prove.packages()));
        twice.forEach(t -> wrong.add(t + " is installed twice"));
        hold(
                checks,
                failures,
                "package-versions",
                "K10",
                wrong,
                () -> shown(prove.packages()),
                text -> new Failure(
                        "wrong-version",
                        "The packages on " + host + " are not the release's: " + text + ".",
                        "See who changed them; make a new plan for this host."));
        Instant installed = answer.packages().stream()
                .map(Installed::at)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        for (String unit : prove.units()) {
            Optional<Instant> started = answer.startedAt(unit);
            boolean young =
                    answer.active(unit) && started.isPresent() && !started.get().isBefore(installed);
            String observed = stateOf(unit) + ", started "
                    + started.map(Instant::toString).orElse("at an unknown time") + ", packages installed " + installed;
            hold(
                    checks,
                    failures,
                    "process-" + unit,
                    "K10",
                    young ? List.of() : List.of(observed),
                    () -> observed,
                    text -> new Failure(
                            answer.active(unit) ? "old-process" : "service-down",
                            answer.active(unit)
                                    ? unit + " on " + host + " still runs what was there before the upgrade (K7): "
                                            + text + "."
                                    : unit + " does not run on " + host + ": " + text + ".",
                            answer.active(unit)
                                    ? "Restart the service, then retry the step."
                                    : "See the service's log, start it, then retry the step."));
        }
        String target = prove.packages().values().stream()
                .max(Comparator.comparing(v -> Version.isVersion(v) ? new Version(v) : new Version("0")))
                .orElse("");
        answer.urls().forEach((unit, text) -> {
            String said = text.strip();
            if (Version.isVersion(said)) {
                hold(
                        checks,
                        failures,
                        "answers-" + unit,
                        "K10",
                        said.equals(target) || prove.packages().containsValue(said) ? List.of() : List.of(said),
                        () -> unit + " answers with " + said,
                        v -> new Failure(
                                "old-process",
                                unit + " on " + host + " answers with version " + v + ", not " + target + ".",
                                "Restart the service, then retry the step."));
            }
        });
        return outcome(checks, failures.isEmpty() ? null : failures.getFirst());
    }

    // ---- words

    /** Where what is installed differs from what is wanted. */
    List<String> differences(Map<String, String> wanted) {
        var found = new TreeMap<String, TreeSet<String>>();
        answer.packages()
                .forEach(p ->
                        found.computeIfAbsent(p.name(), n -> new TreeSet<>()).add(p.version()));
        var names = new TreeSet<>(wanted.keySet());
        names.addAll(found.keySet());
        var differences = new ArrayList<String>();
        for (String name : names) {
            Collection<String> versions = found.getOrDefault(name, new TreeSet<>());
            String want = wanted.getOrDefault(name, "absent");
            if (!versions.contains(want)) {
                differences.add(name + " is " + (versions.isEmpty() ? "absent" : String.join(" and ", versions))
                        + ", not " + want);
            }
        }
        return differences;
    }

    List<String> twice() {
        return answer.packages().stream()
                .collect(Collectors.groupingBy(Installed::name, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(e -> e.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    String doubles(List<String> twice) {
        return twice.stream()
                .map(name -> name + " is installed twice ("
                        + answer.packages().stream()
                                .filter(p -> p.name().equals(name))
                                .map(Installed::version)
                                .collect(Collectors.joining(" and "))
                        + ")")
                .collect(Collectors.joining("; "));
    }

    static String shown(Map<String, String> packages) {
        return packages.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }

    boolean noRoom() {
        String said = answer.said();
        return said.contains("No space left on device")
                || said.contains("more space needed")
                || (said.contains("needs") && said.contains("more space"))
                || result.err().contains("No space left on device")
                || answer.freeKibibytes().map(k -> k < 1024).orElse(false);
    }

    Failure diskFull() {
        return new Failure(
                "disk-full",
                "The disk of " + host + " is full"
                        + answer.freeKibibytes()
                                .map(k -> ": " + k / 1024 + " MiB are free under /var")
                                .orElse("") + ".",
                "Make room on the host, then retry the step.");
    }

    private String said(String before) {
        String line = lastLine();
        return line.isEmpty() ? "" : before + line;
    }

    /** All that was said, by the tools and by the script's own errors. */
    String spoken() {
        return answer.said() + "\n" + result.err();
    }

    String lastLine() {
        return last(answer.said());
    }

    /** What a service itself wrote to the journal last, rather than what systemd wrote about it. */
    private String lastOwnWords() {
        String own = answer.said().lines().filter(l -> !l.contains(" systemd[")).collect(Collectors.joining("\n"));
        return own.isBlank() ? lastLine() : last(own);
    }

    static String last(String text) {
        String line = text.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .reduce((a, b) -> b)
                .orElse("");
        String cut = line.length() > 300 ? line.substring(0, 300) + "…" : line;
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
