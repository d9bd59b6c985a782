package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckMachine;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges a license server's machine before any change (L1, L2, L3, L5, L9, L49). */
final class LicenseServerMachineVerdicts {
    private static final Pattern NOMINAL = Pattern.compile("@ *([0-9.]+) *GHz");

    private final StepVerdict verdict;
    private final PackageVerdicts packages;
    private final HostAnswer answer;
    private final String host;

    LicenseServerMachineVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.packages = new PackageVerdicts(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome checked(CheckMachine check) {
        packages.asPlanned(check.packages(), "L53");
        disk(check);
        memory(check);
        processors(check);
        platform(check);
        system(check);
        others();
        storage(check);
        keyStore();
        packages.managerFree();
        return verdict.outcome();
    }

    private void disk(CheckMachine check) {
        long free = answer.freeKibibytes().orElse(-1L) / 1024;
        boolean room = answer.says("writable") && free >= check.minFreeMebibytes();
        String observed = free + " MiB are free" + (answer.says("writable") ? "" : " and nothing can be written");
        verdict.hold(
                "disk-space",
                "L1",
                room ? null : observed,
                observed,
                text -> new Failure(
                        "disk-full",
                        "The disk of " + host + " has too little room: " + text + ", " + check.minFreeMebibytes()
                                + " MiB are needed (L1).",
                        "Make room on the host, then retry the step."));
    }

    private void memory(CheckMachine check) {
        String said = answer.word("memory").orElse("");
        long available = said.matches("\\d{1,15}") ? Long.parseLong(said) / 1024 : -1;
        String observed = available < 0 ? "available memory cannot be seen" : available + " MiB are available";
        verdict.hold(
                "memory",
                "L1",
                available >= 0 && available < check.minMemoryMebibytes() ? observed : null,
                observed,
                text -> new Failure(
                        "too-little-memory",
                        host + " has too little memory: " + text + ", " + check.minMemoryMebibytes()
                                + " MiB (4 GB) are needed, and with less the server may fail (L1).",
                        "Give the machine more memory, or end what uses it; then retry the step."));
    }

    private void processors(CheckMachine check) {
        String coresSaid = answer.word("cores").orElse("");
        int cores = coresSaid.matches("\\d{1,5}") ? Integer.parseInt(coresSaid) : 0;
        Matcher nominal = NOMINAL.matcher(answer.word("processor").orElse(""));
        String mhz = answer.word("megahertz").orElse("");
        long speed = nominal.find()
                ? Math.round(Double.parseDouble(nominal.group(1)) * 1000)
                : mhz.matches("\\d{1,6}") ? Long.parseLong(mhz) : 0;
        String observed =
                cores + " cores" + (speed == 0 ? ", of a speed that cannot be seen" : " at " + speed + " MHz");
        boolean slow = cores < check.minCores() || speed != 0 && speed < check.minMegahertz();
        verdict.hold(
                "processors",
                "L1",
                slow ? observed : null,
                observed,
                text -> new Failure(
                        "too-slow",
                        host + " has too weak a processor: " + text + ", " + check.minCores() + " cores at "
                                + check.minMegahertz() + " MHz are needed (L1).",
                        "Give the machine more, then retry the step."));
    }

    private void platform(CheckMachine check) {
        String maker = answer.word("maker").orElse("");
        String model = answer.word("platform").orElse("");
        String seen = (maker + " " + model).strip();
        String lower = seen.toLowerCase(Locale.ROOT);
        boolean azure = maker.startsWith("Microsoft")
                || answer.word("asset").orElse("").equals("7783-7084-3265-9085-8269-3286-77");
        boolean known = seen.isEmpty()
                || lower.contains("vmware")
                || lower.contains("amazon ec2")
                || lower.contains("qemu")
                || lower.contains("kvm")
                || lower.contains("google");
        boolean refused = azure ? check.production() : !known;
        verdict.hold(
                "platform",
                "L2",
                refused ? seen : null,
                seen.isEmpty() ? "cannot be seen" : azure ? seen + ", a preview" : seen,
                text -> azure
                        ? new Failure(
                                "preview-platform",
                                host + " runs on Microsoft Azure (" + text
                                        + "), which is a technology preview and not for production (L2).",
                                "Use another platform; or, if this is no production system, set the deployment's setting use to"
                                        + " preview and plan again.")
                        : new Failure(
                                "unsupported-platform",
                                host + " runs on " + text
                                        + ", which is not supported: Amazon EC2, VMware ESXi, QEMU-KVM and Google Compute are (L2).",
                                "Migrate the licenses to a machine on a supported platform."));
    }

    private void system(CheckMachine check) {
        String id = answer.word("system").orElse("unknown");
        String release = answer.word("release").orElse("");
        String major = release.replaceFirst("\\..*", "");
        boolean known = check.operatingSystems().contains(id + " " + major);
        verdict.hold(
                "operating-system",
                "L3",
                known ? null : id + " " + release,
                id + " " + release,
                text -> new Failure(
                        "unsupported-system",
                        host + " runs " + text + ", which is not supported: "
                                + String.join(", ", check.operatingSystems()) + " are (L3).",
                        "Do not upgrade the operating system in place: migrate the licenses to a new machine (L54)."));
    }

    private void others() {
        String others = answer.word("others").orElse("");
        verdict.hold(
                "no-other-license-server",
                "L5",
                others.isEmpty() ? null : others,
                "none found",
                text -> new Failure(
                        "another-license-server",
                        "There is another license server on " + host + ": " + text
                                + ". License Server 1.x and NVIDIA GRID cannot be on one machine with this one (L5).",
                        "Move one of them to another machine, then retry the step."));
    }

    private void storage(CheckMachine check) {
        String[] said = answer.word("storage").orElse("").split(" ", 3);
        String broken = said.length < 3
                ? "it is not in /var/opt/flexnetls/TERADICI"
                : said[1].equals("0")
                        ? said[0] + " is empty"
                        : !said[2].equals(said[0])
                                ? said[0] + " leads to " + said[2]
                                : !answer.active(check.unit()) && answer.says("storage-log")
                                        ? "the server says: "
                                                + answer.word("storage-log").orElse("")
                                        : null;
        verdict.hold(
                "trusted-storage",
                "L9",
                broken,
                said[0] + " in place",
                text -> new Failure(
                        "trusted-storage-missing",
                        "The trusted storage of " + host + " was moved or modified: " + text
                                + ". The server takes it for corrupt and will not start (L9).",
                        "Put it back as it was. If that cannot be done, its licenses are lost: open a ticket with the vendor's"
                                + " support (L17)."));
    }

    private void keyStore() {
        String configured = answer.word("keystore").orElse("");
        String lying = answer.word("jks").orElse("");
        String broken = configured.startsWith("/opt/flexnetls/TERADICI/") ? configured : lying.isEmpty() ? null : lying;
        verdict.hold(
                "key-store-outside",
                "L49",
                broken,
                configured.isEmpty() ? "HTTPS is off, no key store under the product's folder" : configured,
                text -> new Failure(
                        "key-store-inside",
                        "The key store " + text + " on " + host
                                + " is under the product's folder, which the upgrade may overwrite (L49).",
                        "Move it to /opt/flexnetls/certs, set keystore-path to it, restart the server, then retry the step."));
    }
}
