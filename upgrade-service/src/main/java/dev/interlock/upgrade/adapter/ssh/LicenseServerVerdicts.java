package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.LicenseList;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.LicenseServerAction.AwaitHealth;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckCarriedPackages;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckMachine;
import dev.interlock.upgrade.domain.LicenseServerAction.CompareLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.RecordLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.UpdatePackage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges what a license server's host answered. */
final class LicenseServerVerdicts {
    private static final Pattern NOMINAL = Pattern.compile("@ *([0-9.]+) *GHz");
    private static final Pattern ID = Pattern.compile("\\(([0-9A-Fa-f-]{8,64})\\)");

    /** Said at every start without the internet, and of no consequence (L89). */
    private static final Pattern HARMLESS =
            Pattern.compile("unable to connect to compliance\\.", Pattern.CASE_INSENSITIVE);

    private final StepVerdict verdict;
    private final PackageVerdicts packages;
    private final HostAnswer answer;
    private final String host;

    LicenseServerVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.packages = new PackageVerdicts(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome judge(LicenseServerAction action) {
        return switch (action) {
            case CheckMachine check -> checked(check);
            case CheckCarriedPackages carried -> carried(carried);
            case RecordLicenses record -> recorded();
            case UpdatePackage update -> updated(update);
            case AwaitHealth await -> awaited(await);
            case CompareLicenses compare -> compared(compare);
        };
    }

    private StepOutcome checked(CheckMachine check) {
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

    private StepOutcome carried(CheckCarriedPackages carried) {
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

    private StepOutcome updated(UpdatePackage update) {
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

    private StepOutcome recorded() {
        Optional<Failure> refused = notListed();
        if (refused.isPresent()) {
            return verdict.failed(refused.get());
        }
        Optional<LicenseList> list = LicenseList.of(answer.text("licenses"));
        Matcher id = ID.matcher(answer.text("id"));
        if (list.isEmpty() || !id.find()) {
            return verdict.failed(unreadable(list.isEmpty()));
        }
        verdict.held(
                "licenses-recorded",
                "L52",
                list.get().total() + " licenses: " + list.get().text());
        return verdict.outcome(Map.of(Findings.LICENSES, list.get().text(), Findings.SERVER_ID, id.group(1)));
    }

    private StepOutcome compared(CompareLicenses compare) {
        Optional<Failure> refused = notListed();
        if (refused.isPresent()) {
            return verdict.failed(refused.get());
        }
        Optional<LicenseList> now = LicenseList.of(answer.text("licenses"));
        Matcher idNow = ID.matcher(answer.text("id"));
        if (now.isEmpty() || !idNow.find()) {
            return verdict.failed(unreadable(now.isEmpty()));
        }
        List<String> wrong = packages.differences(compare.packages());
        verdict.hold(
                "package-version",
                "L52",
                wrong,
                PackageVerdicts.shown(compare.packages()),
                text -> new Failure(
                        "wrong-version",
                        "The package on " + host + " is not the release's: " + text + ".",
                        "See who changed it; make a new plan for this host."));
        String idBefore = verdict.order().found().getOrDefault(Findings.SERVER_ID, "");
        verdict.hold(
                "server-id",
                "L52",
                idBefore.equals(idNow.group(1)) ? null : idNow.group(1),
                idNow.group(1),
                text -> new Failure(
                        "another-server-id",
                        "The license server on " + host + " has the id " + text + " now, and had " + idBefore
                                + " before: licenses are bound to the id.",
                        "See that it is the same machine; if it is, ask the vendor's support."));
        LicenseList before = LicenseList.read(verdict.order().found().getOrDefault(Findings.LICENSES, ""));
        List<String> differences =
                now.get().differences(before, answer.word("today").orElse(""));
        verdict.hold(
                "licenses-unchanged",
                "L52",
                differences,
                now.get().total() + " licenses, as before",
                text -> new Failure(
                        "licenses-changed",
                        "The licenses of " + host + " are not what they were before the update: " + text + ".",
                        "Do not retry or reinstall: open a ticket with the vendor's support. Until it is solved, agents that find"
                                + " none will say so; for each, look at its URL, then its port, then this pool (L91)."));
        return verdict.outcome();
    }

    private Failure unreadable(boolean list) {
        return new Failure(
                "unreadable-answer",
                (list ? "pcoip-list-licenses" : "pcoip-get-license-server-id") + " on " + host
                        + " printed nothing that can be read.",
                "See the step's output. If the server's version prints another form, tell Interlock's maintainers.");
    }

    /** Why the license commands gave no list. */
    private Optional<Failure> notListed() {
        String rc = answer.word("rc").orElse("");
        String said = harmful(verdict.spoken());
        if (rc.equals("0")) {
            return Optional.empty();
        }
        if (rc.isEmpty()) {
            return Optional.of(new Failure(
                    "interrupted",
                    "Listing the licenses of " + host + " was cut off: the host went down, or the command was killed.",
                    "Retry the step."));
        }
        if (said.contains("Too many failed logins")) {
            return Optional.of(new Failure(
                    "administrator-locked-out",
                    host
                            + " has blocked its administrator: three wrong passwords in a row were given to it. It lasts ten minutes"
                            + " or until the server is restarted (L43).",
                    "Find out who tries wrong passwords. Retry the step when the ten minutes are over."));
        }
        if (said.matches("(?is).*(invalid|incorrect|wrong) password.*") || said.contains("Unauthorized")) {
            return Optional.of(new Failure(
                    SshHostWork.PASSWORD_REFUSED,
                    host
                            + " refused the administrator's password. It was tried once and is not tried again: three wrong ones in"
                            + " a row would lock the administrator out (L43).",
                    "Put the right password into the credential's file (it is the License Server's own, not the system user's,"
                            + " L45), then retry the step."));
        }
        if (said.contains("has not been configured for HTTPS")) {
            return Optional.of(new Failure(
                    "no-certificates",
                    "The certificate bundle /opt/flexnetls/TERADICI/flexnet.certs on " + host
                            + " is missing or invalid, so no license command works (L88).",
                    "Install the same version again; if that does not help, ask the vendor's support."));
        }
        if (said.contains("Connection to server failed or refused")) {
            return Optional.of(new Failure(
                    "not-answering",
                    "The license server on " + host + " does not answer: " + unitState() + " (L87).",
                    "See that the service is active, then that its port (7070) is open; then retry the step."));
        }
        return Optional.of(new Failure(
                "list-failed",
                "The licenses of " + host + " could not be listed: " + StepVerdict.last(said) + ".",
                "See the step's output, then retry."));
    }

    private String unitState() {
        String state = answer.units().stream().map(verdict::stateOf).collect(Collectors.joining(", "));
        return state.isEmpty() ? "its service is not there" : state;
    }

    private StepOutcome awaited(AwaitHealth await) {
        String health = answer.text("health").strip();
        boolean good = health.replaceAll("\\s", "").contains("\"connectionCheck\":\"success\"");
        if (answer.says("killed-and-restarted")) {
            verdict.check(
                    "killed-and-restarted",
                    "L86",
                    good,
                    "the control process exited; pcoip_license_server's processes were killed and the service restarted");
        }
        String port = answer.word("port").orElse("7070");
        String waited = answer.word("waited").orElse("?");
        verdict.hold(
                "health",
                "L84",
                good ? null : whatHealth(health),
                "database.connectionCheck is success, " + waited + " s after the wait began",
                text -> unhealthy(await, health, port, waited));
        return verdict.outcome();
    }

    private static String whatHealth(String health) {
        return health.isEmpty() ? "no answer" : health.length() > 200 ? health.substring(0, 200) + "…" : health;
    }

    /** First whether it is active, then whether its port is open, then what it says (L87, L84). */
    private Failure unhealthy(AwaitHealth await, String health, String port, String waited) {
        String log = harmful(answer.text("log"));
        if (!answer.active(await.unit())) {
            return log.toLowerCase(Locale.ROOT).contains("trusted storage")
                    ? new Failure(
                            "trusted-storage-corrupt",
                            host
                                    + " refuses to start: its trusted storage was moved or modified, and it takes it for corrupt (L9)."
                                    + " Its log says: " + StepVerdict.last(lineWith(log, "trusted storage")) + ".",
                            "Put the storage back as it was. If that cannot be done, its licenses are lost: open a ticket with the"
                                    + " vendor's support (L17).")
                    : new Failure(
                            "service-does-not-start",
                            "The license server on " + host + " is not active: " + verdict.stateOf(await.unit())
                                    + because(log)
                                    + (answer.says("killed-and-restarted")
                                            ? ". Killing its user's processes and starting it again did not help (L86)"
                                            : "")
                                    + ".",
                            "See its log in /var/log/" + await.unit() + " and journalctl -u " + await.unit()
                                    + ", remove the cause, then retry the step.");
        }
        if (health.isEmpty()) {
            return new Failure(
                    "port-closed",
                    "The license server on " + host + " is active, but its port " + port + " was still closed after "
                            + waited + " s; 30 to 60 are normal (L87, L48)" + because(log) + ".",
                    "Retry the step to wait longer. If the port stays closed, see its log in /var/log/" + await.unit()
                            + " and the port in local-configuration.yaml.");
        }
        return new Failure(
                "database-not-connected",
                "The license server on " + host + " answers, but its database is not connected: " + whatHealth(health)
                        + ". That counts as down (L84).",
                "See its log in /var/log/" + await.unit() + ", then retry the step.");
    }

    private static String lineWith(String log, String words) {
        return log.lines()
                .filter(l -> l.toLowerCase(Locale.ROOT).contains(words))
                .reduce((a, b) -> b)
                .orElse(log);
    }

    /** What the log means, where that is known (L90). */
    private static String because(String log) {
        if (log.isBlank()) {
            return "; there is no log at all, not even in the journal (L90)";
        }
        if (log.contains("Network is unreachable")) {
            return "; its log says that the network is unreachable: look at the firewall (L90)";
        }
        if (log.matches("(?s).*Name or service (unknown|not known).*")) {
            return "; its log says that a name is unknown: look at the DNS (L90)";
        }
        return "; its log ends with: " + StepVerdict.last(log);
    }

    /** What was said without the words that mean nothing in an offline environment. */
    private static String harmful(String text) {
        return text.lines().filter(line -> !HARMLESS.matcher(line).find()).collect(Collectors.joining("\n"));
    }
}
