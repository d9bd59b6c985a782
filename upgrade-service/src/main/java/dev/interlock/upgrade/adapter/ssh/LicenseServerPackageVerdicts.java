package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckCarriedPackages;
import dev.interlock.upgrade.domain.LicenseServerAction.UpdatePackage;
import java.util.List;

/** Judges a license server's package: carried to the machine (L47), updated in place and never downgraded (L50, L53). */
final class LicenseServerPackageVerdicts {
    private final StepVerdict verdict;
    private final PackageVerdicts packages;
    private final HostAnswer answer;
    private final String host;

    LicenseServerPackageVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.packages = new PackageVerdicts(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome carried(CheckCarriedPackages carried) {
        String name = carried.packages().keySet().iterator().next();
        List<String> there = answer.packages().stream()
                .map(p -> p.name() + " " + p.version())
                .toList();
        List<String> ours = there.stream().filter(p -> p.startsWith(name + " ")).toList();
        String wanted = PackageVerdicts.shown(carried.packages());
        String broken = answer.says("no-folder")
                ? "there is no folder " + carried.folder()
                : ours.equals(List.of(wanted))
                        ? null
                        : carried.folder() + " has " + (ours.isEmpty() ? "none of " + name : String.join(", ", ours));
        verdict.hold(
                "carried-packages",
                "L47",
                broken,
                String.join(", ", there),
                text -> new Failure(
                        "not-carried",
                        "The packages for " + wanted + " were not carried to " + host + ": " + text + ".",
                        "Put exactly the release's packages into " + carried.folder() + ", then retry the step."));
        return verdict.outcome();
    }

    StepOutcome updated(UpdatePackage update) {
        if (answer.says("unexpected")) {
            String now = answer.word("unexpected").orElse("");
            return verdict.failed(new Failure(
                    "changed-since-plan",
                    host + " has "
                            + update.packages().keySet().iterator().next() + " "
                            + (now.isEmpty() ? "no more" : now) + ", which is neither "
                            + update.found().values().iterator().next() + " nor "
                            + update.packages().values().iterator().next()
                            + ". Nothing was done to it, as a downgrade may corrupt its data (L53).",
                    "Probe the host, make a new plan and have it approved."));
        }
        return packages.upgraded(update.packages(), "L50");
    }
}
