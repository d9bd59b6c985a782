package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.LicenseList;
import dev.interlock.upgrade.domain.LicenseServerAction.CompareLicenses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Judges what a license server says of its licenses: written down before the update, compared after it (L52). */
final class LicenseListVerdicts {
    private static final Pattern ID = Pattern.compile("\\(([0-9A-Fa-f-]{8,64})\\)");

    private final StepVerdict verdict;
    private final PackageVerdicts packages;
    private final HostAnswer answer;
    private final String host;

    LicenseListVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.packages = new PackageVerdicts(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome recorded() {
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

    StepOutcome compared(CompareLicenses compare) {
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
        String said = LicenseServerVerdicts.harmful(verdict.spoken());
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
}
