package dev.interlock.license.adapter.http;

import dev.interlock.license.domain.Activation.CodeInvalid;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Authorization.Denied;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Rejection;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The refusals of this service, in words a person can act on. */
final class LicenseProblems {
    private LicenseProblems() {}

    static ProblemException noServer(UUID id) {
        return ProblemException.notFound("license server", id);
    }

    /** L32, L7. */
    static ProblemException codeInvalid(String code, CodeInvalid outcome) {
        if (ActivationCode.isRegistrationCode(code)) {
            return Problem.of("registration-code", 400, "This is a registration code, not an activation code")
                    .detail(code + " is a registration code of the vendor's cloud licensing; a license server takes"
                            + " activation codes only.")
                    .next(
                            "Enter the activation code of a purchase for local licensing; cloud licences need no license server.")
                    .exception();
        }
        var problem = Problem.of("activation-code-invalid", 404, "No purchase has this activation code")
                .detail("There is no pool with the activation code " + code + " (ACTIVATION_ID_INVALID).")
                .with("vendorError", "ACTIVATION_ID_INVALID");
        if (outcome.similar() != null) {
            return problem.next("Codes match exactly, with case and dashes: did you mean " + outcome.similar() + "?")
                    .with("similar", outcome.similar())
                    .exception();
        }
        return problem.next("Enter the code exactly as it was received, with case and dashes,"
                        + " or register the purchase as a pool first.")
                .exception();
    }

    /** L31. */
    static ProblemException countExceeded(String code, CountExceeded outcome) {
        int elsewhere = outcome.seats() - outcome.available();
        var next = outcome.requested() > outcome.seats()
                ? "Ask for " + outcome.available() + " at most, or register a further purchase as its own pool."
                : "Ask for " + outcome.available() + " at most, or return licences on other servers first.";
        return Problem.of("activation-count-exceeded", 409, "More licences than the activation code has")
                .detail("A total of " + outcome.requested() + " was asked for; the purchase " + code + " has "
                        + outcome.seats() + " seats, " + elsewhere + " of them are active on other servers, so "
                        + outcome.available() + " are available here (ACTIVATION_ID_COUNT_EXCEEDED).")
                .next(next)
                .with("vendorError", "ACTIVATION_ID_COUNT_EXCEEDED")
                .with("requested", outcome.requested())
                .with("available", outcome.available())
                .with("seats", outcome.seats())
                .exception();
    }

    /** L18. */
    static ProblemException poolExpired(String code, PoolHasExpired outcome) {
        return Problem.of("pool-expired", 409, "The purchase has expired")
                .detail("The pool " + code + " expired at " + outcome.since() + ".")
                .next(
                        "Renew the purchase and register the new activation code. Licences of this one can only be returned.")
                .with("expiredAt", outcome.since())
                .exception();
    }

    static ProblemException licensesInUse(String code, LicensesInUse outcome) {
        return Problem.of("licenses-in-use", 409, "Sessions hold these licences")
                .detail("A total of " + outcome.requested() + " was asked for, but " + outcome.inUse()
                        + " sessions hold licences of " + code + " on this server.")
                .next("Release sessions first, or set a total of at least " + outcome.inUse() + ".")
                .with("requested", outcome.requested())
                .with("inUse", outcome.inUse())
                .exception();
    }

    static ProblemException serverRetired(String name) {
        return Problem.of("license-server-retired", 409, "The license server is out of service")
                .detail(name + " was taken out of service.")
                .next("Use another license server.")
                .exception();
    }

    /** L20, L21. */
    static ProblemException allottedElsewhere(String code, String by) {
        return Problem.of("activation-by-request-only", 409, "These licences are activated by request and answer")
                .detail("The licences of " + code + " on this server are allotted by " + by + ".")
                .next(
                        "Make a request (interlock license-servers request), carry it there, upload the answer and apply it.")
                .exception();
    }

    static ProblemException notCountedHere(String name) {
        return Problem.of("license-server-not-counting", 409, "No session is counted here for the license server")
                .detail(name + " counts for itself or is out of service.")
                .next("Point the agent to the license server's own address, or to a native one.")
                .exception();
    }

    /** L17. */
    static ProblemException holdsLicenses(LicenseServer server, Map<ActivationCode, Allotment> held) {
        var what = held.entrySet().stream()
                .map(each -> each.getValue().total() + " of " + each.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return Problem.of("license-server-holds-licenses", 409, "The license server holds licences")
                .detail(server.name() + " holds " + what
                        + ". If its machine is destroyed they can no longer be returned and are lost; only the vendor's"
                        + " support can give them back.")
                .next(
                        "Return them all first (a total of 0 for each code). If the machine is gone already, have an admin"
                                + " declare it lost, and open a ticket with the vendor: interlock license-servers ticket.")
                .with(
                        "held",
                        held.entrySet().stream()
                                .map(each -> Map.of(
                                        "activationCode",
                                        each.getKey().value(),
                                        "total",
                                        each.getValue().total()))
                                .toList())
                .exception();
    }

    static ProblemException noRequest(UUID id) {
        return ProblemException.notFound("activation request", id);
    }

    static Problem rejected(Rejection rejection) {
        int status = switch (rejection.slug()) {
            case "response-too-large" -> 413;
            case "response-truncated", "response-altered", "response-unreadable", "response-untrusted" -> 422;
            default -> 409;
        };
        return Problem.of(rejection.slug(), status, rejection.title())
                .detail(rejection.detail())
                .next(rejection.next());
    }

    /** L11, L18, L91. */
    static ProblemException denied(Denied outcome) {
        var counts = outcome.counts();
        var problem = switch (outcome.reason()) {
            case NONE_LEFT ->
                Problem.of("no-license", 409, "No licence is left")
                        .detail("All " + counts.active() + " licences that are active on this server are in use.")
                        .next("Wait for a session to end, or activate more licences on this server.");
            case EXPIRED ->
                Problem.of("no-license", 409, "No licence is left")
                        .detail("The " + counts.expired() + " licences on this server have expired.")
                        .next("Renew the purchase and activate its new code on this server.");
            case NOTHING_ACTIVATED ->
                Problem.of("no-license", 409, "No licence is left")
                        .detail("No licence is active on this server.")
                        .next("Activate licences on this server, or point the agent to one that has some: check its"
                                + " license server URL and port.");
        };
        return problem.with("reason", outcome.reason().wireName())
                .with("active", counts.active())
                .with("inUse", counts.inUse())
                .exception();
    }

    static ProblemException sessionIdTaken(UUID id) {
        return Problem.of("session-id-taken", 422, "The session id is taken")
                .detail("The session " + id + " belongs to another server, agent or user.")
                .next("Choose a new session id, or send exactly the first request again.")
                .exception();
    }
}
