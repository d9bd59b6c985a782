package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.LicenseServerAction.AwaitHealth;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckCarriedPackages;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckMachine;
import dev.interlock.upgrade.domain.LicenseServerAction.CompareLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.RecordLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.UpdatePackage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges what a license server's host answered. */
final class LicenseServerVerdicts {
    /** Said at every start without the internet, and of no consequence (L89). */
    private static final Pattern HARMLESS =
            Pattern.compile("unable to connect to compliance\\.", Pattern.CASE_INSENSITIVE);

    private LicenseServerVerdicts() {}

    static StepOutcome of(StepVerdict verdict, LicenseServerAction action) {
        return switch (action) {
            case CheckMachine check -> new LicenseServerMachineVerdicts(verdict).checked(check);
            case CheckCarriedPackages carried -> new LicenseServerPackageVerdicts(verdict).carried(carried);
            case RecordLicenses record -> new LicenseListVerdicts(verdict).recorded();
            case UpdatePackage update -> new LicenseServerPackageVerdicts(verdict).updated(update);
            case AwaitHealth await -> new LicenseServerHealthVerdicts(verdict).awaited(await);
            case CompareLicenses compare -> new LicenseListVerdicts(verdict).compared(compare);
        };
    }

    /** What was said without the words that mean nothing in an offline environment. */
    static String harmful(String text) {
        return text.lines().filter(line -> !HARMLESS.matcher(line).find()).collect(Collectors.joining("\n"));
    }
}
