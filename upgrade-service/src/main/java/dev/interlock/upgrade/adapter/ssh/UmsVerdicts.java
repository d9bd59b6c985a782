package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.UmsAction;
import java.time.Duration;
import java.util.regex.Pattern;

/** Judges what the hosts of an IGEL UMS network answered. */
final class UmsVerdicts {
    /** What a person does once the cause is removed: one failure halts the whole network. */
    static final String AGAIN = "retry the step and resume the run.";

    /** The installer's message after each server (G14). */
    static final Pattern COUNTED = Pattern.compile("(\\d+) of (\\d+) servers updated");

    private UmsVerdicts() {}

    static StepOutcome of(StepVerdict verdict, UmsAction action) {
        return switch (action) {
            case UmsAction.CheckNode check -> new UmsCheckVerdicts(verdict).checked(check);
            case UmsAction.BackUpDatabase backup -> new UmsBackupVerdicts(verdict).backedUp(backup);
            case UmsAction.EnterUpdateMode enter -> new UmsInstallerVerdicts(verdict).entered(enter);
            case UmsAction.UpdateServer update -> new UmsInstallerVerdicts(verdict).updated(update);
            case UmsAction.RenewSchema renew -> new UmsReturnVerdicts(verdict).renewed(renew);
            case UmsAction.ReturnToNormalMode back -> new UmsReturnVerdicts(verdict).returned(back);
            case UmsAction.StopLoadBalancer stop -> new UmsInstallerVerdicts(verdict).stopped(stop);
            case UmsAction.UpdateComponent component -> new UmsInstallerVerdicts(verdict).installed(component);
            case UmsAction.ProveNode prove -> new UmsProofVerdicts(verdict).proven(prove);
        };
    }

    static String inWords(Duration d) {
        return d.toSeconds() % 60 == 0 && d.toMinutes() > 0 ? d.toMinutes() + " min" : d.toSeconds() + " s";
    }
}
