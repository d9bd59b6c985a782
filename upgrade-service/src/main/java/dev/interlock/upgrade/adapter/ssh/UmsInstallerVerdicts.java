package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;
import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.COUNTED;
import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.inWords;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.UmsAction;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Judges how far the installer came on a server (G11, G14), a load balancer or a console (G18), and whether a load balancer stopped
 * for it (G21).
 */
final class UmsInstallerVerdicts {
    private final StepVerdict verdict;
    private final UmsConditions conditions;
    private final HostAnswer answer;
    private final String host;

    UmsInstallerVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.conditions = new UmsConditions(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome entered(UmsAction.EnterUpdateMode enter) {
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

    StepOutcome updated(UmsAction.UpdateServer update) {
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
        conditions.services(update.node());
        conditions.running(update.target(), "answers-devices", "G11");
        return verdict.outcome();
    }

    StepOutcome stopped(UmsAction.StopLoadBalancer stop) {
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

    StepOutcome installed(UmsAction.UpdateComponent component) {
        String found = verdict.word("installed");
        if (!found.equals(component.target())) {
            return verdict.failed(
                    installerFailed(component.target(), component.installer().path()));
        }
        verdict.held("version", "G18", "UMS " + found);
        conditions.services(component.node());
        return verdict.outcome();
    }

    private void killed() {
        answer.word("killed")
                .ifPresent(unit ->
                        verdict.held("load-balancer-stopped", "G21", unit + " hung and was killed after its time-out"));
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
}
