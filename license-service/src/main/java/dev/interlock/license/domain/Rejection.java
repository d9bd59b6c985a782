package dev.interlock.license.domain;

import dev.interlock.license.domain.CapabilityResponse.Verdict;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why an answer was refused, in words a person can act on.
 *
 * @param slug of the problem
 * @param reason the word in the event
 */
public record Rejection(String slug, String title, String reason, String detail, String next) {

    /** @return null when it is acceptable */
    public static @Nullable Rejection of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Acceptable _ -> null;
            case Verdict.OtherMachine(var expected, var found) ->
                new Rejection(
                        "response-for-other-machine",
                        "The answer is for another machine",
                        "other-machine",
                        "The file is bound to the machine " + found + "; this request was made on " + expected + ".",
                        "Upload it to the request of that machine. For this one, fetch the answer to its own request.");
            case Verdict.OtherRequest(var expected, var found) ->
                new Rejection(
                        "response-for-other-request",
                        "The answer is for another request",
                        "other-request",
                        "The file answers the request " + found + ", not " + expected + ".",
                        "Upload it to the request that it answers, or fetch the answer to this one.");
            case Verdict.OtherRights(var code, var total, var found) ->
                new Rejection(
                        "response-for-other-request",
                        "The answer is for another request",
                        "other-request",
                        "A total of " + total + " of " + code + " was asked for; the file allots "
                                + found.stream()
                                        .map(right -> right.total() + " of " + right.activationCode())
                                        .reduce((a, b) -> a + " and " + b)
                                        .orElse("nothing")
                                + ".",
                        "Upload it to the request that it answers, or fetch the answer to this one.");
            case Verdict.LifetimeOver(var since, var lifetime, var own) ->
                new Rejection(
                        "response-expired",
                        "The answer has expired",
                        "expired",
                        "It could be applied until " + since + ": "
                                + (own
                                        ? "its own lifetime is " + lifetime.toSeconds() + " s."
                                        : "it names no lifetime, so that of " + lifetime.toHours() + " hours counts."),
                        "Give the same request file to the authority again and upload its new answer, or make a new"
                                + " request.");
            case Verdict.UsedAlready(var at) ->
                new Rejection(
                        "response-used",
                        "The answer was used already",
                        "already-used",
                        "This request was applied" + (at == null ? "" : " at " + at)
                                + "; an answer has its effect once.",
                        "Nothing is to be done. For another total, make a new request.");
            case Verdict.Superseded() ->
                new Rejection(
                        "request-superseded",
                        "A newer request took this one's place",
                        "other-request",
                        "A newer request was made for the same code on the same server, and the authority may have"
                                + " answered that one.",
                        "Upload the answer to the newest request, or make a new one.");
        };
    }

    /** Past the time until which an answer that was taken in could be applied. */
    public static Rejection expired(Instant since) {
        return new Rejection(
                "response-expired",
                "The answer has expired",
                "expired",
                "It could be applied until " + since + ".",
                "Submit the same request again and upload its new answer, or make a new request.");
    }

    /** In the words of a license server that was given it. */
    public static Rejection byServer(String text) {
        var said = text.toLowerCase(Locale.ROOT);
        var reason = said.contains("another machine")
                ? "other-machine"
                : said.contains("expired")
                        ? "expired"
                        : said.contains("count_exceeded")
                                ? "count-exceeded"
                                : said.contains("id_invalid") ? "code-invalid" : "unreadable";
        return new Rejection(
                "response-refused-by-server",
                "The license server refused the answer",
                reason,
                "The license server says: " + text,
                "Make a new request (L24), submit it, and upload its answer.");
    }

    public static Rejection tooLarge(int limit) {
        return new Rejection(
                "response-too-large",
                "The file is too large for an answer",
                "too-large",
                "An answer has at most " + limit + " bytes; reading stopped there.",
                "Choose the response file itself, not an archive or an image that holds it.");
    }

    public static Rejection truncated() {
        return new Rejection(
                "response-truncated",
                "The file is cut off",
                "unreadable",
                "It begins as an answer does but ends too early.",
                "Copy it again from where it was downloaded, and compare the SHA-256 of both copies.");
    }

    public static Rejection altered() {
        return new Rejection(
                "response-altered",
                "The file is not as it was signed",
                "unreadable",
                "Its signature does not fit its contents: it was damaged on the way, or changed.",
                "Copy it again from where it was downloaded, and compare the SHA-256 of both copies.");
    }

    public static Rejection untrusted(String keyId) {
        return new Rejection(
                "response-untrusted",
                "The file is signed by nobody we trust",
                "untrusted",
                "It is signed with the key " + keyId + ", which is not among interlock.license.authorities.",
                "If this authority is right, have its public key configured; else find out who made the file.");
    }

    public static Rejection unreadable(String why) {
        return new Rejection(
                "response-unreadable",
                "The file is not an answer",
                "unreadable",
                why,
                "Choose the response file that the authority gave for this request.");
    }

    public static Rejection countExceeded(int requested, int available, int seats) {
        return new Rejection(
                "activation-count-exceeded",
                "More licences than the activation code has",
                "count-exceeded",
                "A total of " + requested + " was asked for; of the purchase's " + seats + " seats " + available
                        + " are available here (ACTIVATION_ID_COUNT_EXCEEDED).",
                "Return licences of this code on other servers first, or ask for at most " + available + ".");
    }

    public static Rejection codeInvalid(String code) {
        return new Rejection(
                "activation-code-invalid",
                "No purchase has this activation code",
                "code-invalid",
                "There is no purchase with the activation code " + code + " (ACTIVATION_ID_INVALID).",
                "Enter the code exactly as it was received, with case and dashes.");
    }

    public static Rejection otherAuthority(String allots, String signed) {
        return new Rejection(
                "response-of-other-authority",
                "Another authority allots this purchase",
                "untrusted",
                "The purchase is allotted by " + allots + "; the file is signed by " + signed + ".",
                "Have the request answered by the authority that allots the purchase.");
    }

    public static Rejection allottedHere(int active) {
        return new Rejection(
                "pool-allotted-here",
                "Licences of this purchase are active that no authority knows of",
                "count-exceeded",
                active + " licences of it were activated directly.",
                "Return those first, with a total of 0 on each server; then make a new request.");
    }

    public static Rejection purchaseExpired(Instant since) {
        return new Rejection(
                "pool-expired",
                "The purchase has expired",
                "expired",
                "The purchase expired at " + since + "; no more of it can be activated (L18).",
                "Renew the purchase and register the new activation code.");
    }

    public static Rejection inUse(int requested, int inUse) {
        return new Rejection(
                "licenses-in-use",
                "Sessions hold these licences",
                "count-exceeded",
                "A total of " + requested + " was asked for, but " + inUse + " sessions hold licences on this server.",
                "Release sessions first, then apply it again.");
    }
}
