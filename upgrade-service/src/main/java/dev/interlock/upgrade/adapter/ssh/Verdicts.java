package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.UmsAction;
import java.time.Instant;
import java.util.Optional;

/** Judges what a host answered: did the step do what it is for, and if not, why, in a sentence a person can act on. */
final class Verdicts {
    private Verdicts() {}

    /** @param answered when the host's answer was there, by this service's clock */
    static StepOutcome of(StepOrder order, CommandResult result, Instant answered) {
        var verdict = new StepVerdict(order, result, answered);
        Optional<Failure> general = general(verdict);
        if (general.isPresent()) {
            return verdict.failed(general.get());
        }
        return switch (order.step().action()) {
            case Action.CheckHost check -> new KeeperVerdicts(verdict).checked(check);
            case Action.StopServices stop -> new KeeperVerdicts(verdict).stopped(stop);
            case Action.UpgradePackages upgrade -> new PackageVerdicts(verdict).upgraded(upgrade.packages(), "K8");
            case Action.StartServices start -> new KeeperVerdicts(verdict).started(start);
            case Action.ProveVersion prove -> new KeeperVerdicts(verdict).proven(prove);
            case UmsAction ums -> UmsVerdicts.of(verdict, ums);
            case LicenseServerAction licenseServer -> LicenseServerVerdicts.of(verdict, licenseServer);
            case Gate gate -> throw new IllegalArgumentException("a gate is for people, not for a host");
        };
    }

    /** What can go wrong in any step. */
    private static Optional<Failure> general(StepVerdict verdict) {
        StepOrder order = verdict.order();
        HostAnswer answer = verdict.answer();
        String host = verdict.host();
        if (answer.says("no-claim")) {
            return Optional.of(
                    verdict.noRoom()
                            ? verdict.diskFull()
                            : new Failure(
                                    "no-jobs-folder",
                                    "On " + host + " the folder for Interlock's jobs cannot be written: "
                                            + verdict.lastLine() + ".",
                                    "Remove the cause, then retry the step."));
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
        String err = verdict.err().strip();
        if (err.contains("sudo:")) {
            return Optional.of(new Failure(
                    "sudo-refused",
                    "User " + order.host().user() + " may not use sudo without a password on " + host + ": "
                            + StepVerdict.last(err) + ".",
                    "Allow it in sudoers, or use another credential."));
        }
        return Optional.of(new Failure(
                "script-failed",
                "The script ended early on " + host + " with exit status " + verdict.exit() + ": "
                        + (err.isEmpty() ? verdict.lastLine() : StepVerdict.last(err)) + ".",
                "See the step's output, then retry."));
    }
}
