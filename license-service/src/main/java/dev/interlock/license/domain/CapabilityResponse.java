package dev.interlock.license.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the answer of an authority or of the vendor's portal says (L26). The portal's file shows less than ours: what it does not
 * show is null, and cannot be checked here.
 *
 * @param requestId of the request that it answers
 * @param issuer who answered
 * @param requestHostId the VM UUID of the machine that asked (L25)
 * @param hostUuid of that machine, as it calls itself
 * @param lifetime for which it may be applied, from {@code responseTime}; null when the file says none (L28)
 * @param rights totals, one for each activation code
 * @param shown every line of it, for a person
 */
public record CapabilityResponse(
        @Nullable UUID requestId,
        String issuer,
        String requestHostId,
        @Nullable String hostUuid,
        Instant responseTime,
        @Nullable Duration lifetime,
        List<Right> rights,
        Map<String, String> shown) {

    /** One of the two times that the vendor's guide names, and the one to rely on when the file says nothing (L28). */
    public static final Duration USUAL_LIFETIME = Duration.ofHours(24);

    public CapabilityResponse {
        rights = List.copyOf(rights);
        shown = new LinkedHashMap<>(shown);
    }

    /** So many licences of a code, the total for the server that asked (L14). */
    public record Right(String activationCode, int total) {}

    public Duration lifetimeOrUsual() {
        return lifetime == null ? USUAL_LIFETIME : lifetime;
    }

    /** The first instant at which it is refused. */
    public Instant expiresAt() {
        return responseTime.plus(lifetimeOrUsual());
    }

    /** Whether the request that was made gets exactly this; the reasons come in the order in which a person would look. */
    public Verdict answers(ActivationRequest request, Instant now) {
        if (!requestHostId.equalsIgnoreCase(request.machineId())) {
            return new Verdict.OtherMachine(request.machineId(), requestHostId);
        }
        if (requestId != null && !requestId.equals(request.id())) {
            return new Verdict.OtherRequest(request.id(), requestId);
        }
        if (!rights.isEmpty() && !rights.equals(List.of(new Right(request.code().value(), request.total())))) {
            return new Verdict.OtherRights(request.code().value(), request.total(), rights);
        }
        switch (request.state()) {
            case APPLIED, APPLYING -> {
                return new Verdict.UsedAlready(request.closedAt());
            }
            case SUPERSEDED -> {
                return new Verdict.Superseded();
            }
            case OPEN, ANSWERED -> {}
        }
        if (!now.isBefore(expiresAt())) {
            return new Verdict.LifetimeOver(expiresAt(), lifetimeOrUsual(), lifetime != null);
        }
        return new Verdict.Acceptable(expiresAt());
    }

    /** Whether it can be applied. */
    public sealed interface Verdict {
        record Acceptable(Instant until) implements Verdict {}

        /** It works only on the machine that made the request (L25). */
        record OtherMachine(String expected, String found) implements Verdict {}

        record OtherRequest(UUID expected, UUID found) implements Verdict {}

        /** It allots another code or another total than was asked for. */
        record OtherRights(String code, int total, List<Right> found) implements Verdict {}

        /** Past its own lifetime, or 24 hours where it has none (L28). */
        record LifetimeOver(Instant since, Duration lifetime, boolean ownLifetime) implements Verdict {}

        /** An answer has its effect once. */
        record UsedAlready(@Nullable Instant appliedAt) implements Verdict {}

        /** A newer request was made since; the authority may have answered that one. */
        record Superseded() implements Verdict {}
    }
}
