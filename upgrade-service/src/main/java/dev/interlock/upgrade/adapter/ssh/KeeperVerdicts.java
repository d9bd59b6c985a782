package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.adapter.ssh.HostAnswer.Installed;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Judges what a host of a Keeper Connection Manager answered: checked, services stopped and started, proven (K2–K10). */
final class KeeperVerdicts {
    private final StepVerdict verdict;
    private final PackageVerdicts packages;
    private final HostAnswer answer;
    private final String host;

    KeeperVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.packages = new PackageVerdicts(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome checked(Action.CheckHost check) {
        packages.asPlanned(check.packages(), "K2");
        List<String> twice = packages.twice();
        verdict.hold(
                "nothing-twice",
                "K8",
                twice.isEmpty() ? null : String.join(", ", twice) + " installed twice",
                "no package is installed twice",
                text -> new Failure(
                        "duplicates",
                        "An interrupted transaction left its traces on " + host + ": " + text + ".",
                        "Repair it with 'dnf remove --duplicates', then retry."));
        List<String> missing = check.units().stream()
                .filter(u -> !answer.unit(u).getOrDefault("LoadState", "").equals("loaded"))
                .map(u -> u + " is " + answer.unit(u).getOrDefault("LoadState", "not there"))
                .toList();
        verdict.hold(
                "services-there",
                "K5",
                missing,
                String.join(", ", check.units()),
                text -> new Failure(
                        "service-missing",
                        "A service is not there on " + host + ": " + text + ".",
                        "Probe the host, make a new plan and have it approved."));
        long free = answer.freeKibibytes().orElse(-1L) / 1024;
        boolean room = answer.says("writable") && free >= check.minFreeMebibytes();
        verdict.hold(
                "disk-space",
                null,
                room
                        ? null
                        : free + " MiB are free under /var"
                                + (answer.says("writable") ? "" : " and nothing can be written"),
                free + " MiB free under /var",
                text -> new Failure(
                        "disk-full",
                        "The disk of " + host + " is full: " + text + ", " + check.minFreeMebibytes()
                                + " MiB are needed.",
                        "Make room on the host, then retry the step."));
        packages.managerFree();
        return verdict.outcome();
    }

    StepOutcome stopped(Action.StopServices stop) {
        List<String> up = stop.units().stream()
                .filter(u -> !answer.stopped(u))
                .map(verdict::stateOf)
                .toList();
        if (up.isEmpty()) {
            verdict.held("services-stopped", "K5", String.join(", ", stop.units()) + " stopped");
            return verdict.outcome();
        }
        return verdict.failed(new Failure(
                "service-not-stopped",
                "Not stopped on " + host + ": " + String.join(", ", up) + verdict.said(". systemctl said: ") + ".",
                "See why the service does not stop, then retry the step."));
    }

    StepOutcome started(Action.StartServices start) {
        List<String> down =
                start.units().stream().filter(u -> !answer.active(u)).toList();
        List<String> restarted = start.units().stream()
                .filter(u -> answer.active(u)
                        && !answer.unit(u).getOrDefault("NRestarts", "0").equals("0"))
                .toList();
        if (down.isEmpty() && restarted.isEmpty()) {
            verdict.held(
                    "services-running",
                    "K9",
                    states(start.units()) + ", up for " + start.settle().toMillis() / 1000.0 + " s");
            return verdict.outcome();
        }
        boolean refused =
                answer.word("rc").map(rc -> !rc.isEmpty() && !rc.equals("0")).orElse(false);
        String which = states(down.isEmpty() ? restarted : down);
        return verdict.failed(
                refused
                        ? new Failure(
                                "service-does-not-start",
                                "Does not start on " + host + ": " + which + verdict.said(". The host said: ") + ".",
                                "See the service's log on the host; put its configuration right, then retry the step.")
                        : new Failure(
                                "service-died",
                                "Started on " + host + " and died within "
                                        + start.settle().toMillis() / 1000.0 + " s: " + which
                                        + (lastOwnWords().isEmpty() ? "" : ". Its log ends with: " + lastOwnWords())
                                        + ".",
                                "See the service's log on the host. If its vendor offers another build of this version, a retry installs that."));
    }

    private String states(List<String> units) {
        return units.stream().map(verdict::stateOf).collect(Collectors.joining(", "));
    }

    /** What a service itself wrote to the journal last, rather than what systemd wrote about it. */
    private String lastOwnWords() {
        String own = answer.said().lines().filter(l -> !l.contains(" systemd[")).collect(Collectors.joining("\n"));
        return own.isBlank() ? verdict.lastLine() : StepVerdict.last(own);
    }

    StepOutcome proven(Action.ProveVersion prove) {
        List<String> wrong = new ArrayList<>(packages.differences(prove.packages()));
        packages.twice().forEach(t -> wrong.add(t + " is installed twice"));
        verdict.hold(
                "package-versions",
                "K10",
                wrong,
                PackageVerdicts.shown(prove.packages()),
                text -> new Failure(
                        "wrong-version",
                        "The packages on " + host + " are not the release's: " + text + ".",
                        "See who changed them; make a new plan for this host."));
        Instant installed = answer.packages().stream()
                .map(Installed::at)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        prove.units().forEach(unit -> youngerThan(installed, unit));
        answersWith(prove.packages());
        return verdict.outcome();
    }

    private void youngerThan(Instant installed, String unit) {
        Optional<Instant> started = answer.startedAt(unit);
        boolean active = answer.active(unit);
        boolean young = active && started.isPresent() && !started.get().isBefore(installed);
        String observed = verdict.stateOf(unit) + ", started "
                + started.map(Instant::toString).orElse("at an unknown time") + ", packages installed " + installed;
        verdict.hold(
                "process-" + unit,
                "K10",
                young ? null : observed,
                observed,
                text -> active
                        ? new Failure(
                                "old-process",
                                unit + " on " + host + " still runs what was there before the upgrade (K7): " + text
                                        + ".",
                                "Restart the service, then retry the step.")
                        : new Failure(
                                "service-down",
                                unit + " does not run on " + host + ": " + text + ".",
                                "See the service's log, start it, then retry the step."));
    }

    private void answersWith(Map<String, String> wanted) {
        String target = wanted.values().stream()
                .max(Comparator.comparing(v -> Version.isVersion(v) ? new Version(v) : new Version("0")))
                .orElse("");
        answer.urls().forEach((unit, text) -> {
            String said = text.strip();
            if (Version.isVersion(said)) {
                verdict.hold(
                        "answers-" + unit,
                        "K10",
                        said.equals(target) || wanted.containsValue(said) ? null : said,
                        unit + " answers with " + said,
                        v -> new Failure(
                                "old-process",
                                unit + " on " + host + " answers with version " + v + ", not " + target + ".",
                                "Restart the service, then retry the step."));
            }
        });
    }
}
