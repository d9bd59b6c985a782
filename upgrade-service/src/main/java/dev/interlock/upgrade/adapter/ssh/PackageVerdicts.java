package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.adapter.ssh.HostAnswer.Installed;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges a host's packages and its package manager, whichever product they belong to. */
final class PackageVerdicts {
    private static final Pattern DNF_LOCK = Pattern.compile("The application with PID (\\d+) is: (\\S+)");
    private static final Pattern SCRIPTLET = Pattern.compile(
            "%?(pre|post|preun|postun|pretrans|posttrans)(?:in)?\\(([^)]+)\\) scriptlet failed",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SCRIPTLET_OF = Pattern.compile("Error in (\\w+) scriptlet in rpm package (\\S+)");
    private static final Pattern DOWNLOAD = Pattern.compile("Failed to download metadata for repo '?([^':]+)'?");
    private static final Pattern STATUS = Pattern.compile("Status code: (\\d{3}) for (\\S+)");
    private static final Pattern NO_MATCH = Pattern.compile("No match for argument: (\\S+)");

    private final StepVerdict verdict;
    private final HostAnswer answer;
    private final String host;

    PackageVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    // ---- before

    /** @param clause which the product has for it */
    void asPlanned(Map<String, String> packages, String clause) {
        verdict.hold(
                "packages-as-planned",
                clause,
                differences(packages),
                shown(packages),
                text -> new Failure(
                        "changed-since-plan",
                        host + " has changed since the plan was made: " + text + ".",
                        "Probe the host, make a new plan and have it approved."));
    }

    void managerFree() {
        verdict.hold(
                "package-manager-free",
                null,
                answer.word("locked").map(PackageVerdicts::lockedBy).orElse(null),
                "nobody holds its lock",
                this::locked);
    }

    // ---- the transaction

    /** @param clause which the product has for it */
    StepOutcome upgraded(Map<String, String> wanted, String clause) {
        List<String> twice = twice();
        List<String> wrong = differences(wanted);
        boolean answered =
                answer.word("rc").map(rc -> rc.equals("0") || rc.isEmpty()).orElse(true);
        boolean good = answered && twice.isEmpty() && wrong.isEmpty();
        verdict.hold(
                "package-versions",
                clause,
                good ? null : twice.isEmpty() ? String.join("; ", wrong) : doubles(twice),
                shown(wanted),
                text -> whyNot(wanted, twice, wrong));
        return verdict.outcome();
    }

    private Failure whyNot(Map<String, String> wanted, List<String> twice, List<String> wrong) {
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
        if (verdict.noRoom()) {
            return verdict.diskFull();
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
                                    : verdict.said(": "))
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
                            + (missing.isEmpty() ? shown(wanted) : String.join(", ", missing))
                            + "; installed: "
                            + String.join("; ", wrong) + ".",
                    "See which repositories the host has, and whether they hold the release; then retry the step.");
        }
        return new Failure(
                "exit-" + rc,
                "The package manager on " + host + " ended with exit status " + rc + ": " + verdict.lastLine() + ".",
                "See the step's output; remove the cause, then retry the step.");
    }

    private Failure scriptletFailed(String which, String packageName, String before) {
        String own = before.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty() && !l.startsWith("error:") && !l.matches(".*\\d+/\\d+\\s*$"))
                .reduce((a, b) -> b)
                .map(l -> ". It said: " + l)
                .orElse("");
        String kind = which.toLowerCase(Locale.ROOT).startsWith("post") ? "post-installation" : "pre-installation";
        return new Failure(
                "package-script",
                "The " + kind + " script of " + packageName + " failed on " + host + own + ".",
                "Remove what the package complains of, or get a good package from its vendor; then retry the step.");
    }

    private Failure locked(String who) {
        return new Failure(
                "package-manager-locked",
                "The package manager of " + host + " is locked by " + who + ".",
                "See what that process does; retry the step when it is done.");
    }

    /** From {@code <file> <pid> <name>}. */
    private static String lockedBy(String word) {
        String[] p = word.split(" ", 3);
        return "process " + (p.length > 1 ? p[1] : "?") + (p.length > 2 && !p[2].isBlank() ? " (" + p[2] + ")" : "")
                + ", which holds " + p[0];
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

    private String doubles(List<String> twice) {
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
}
