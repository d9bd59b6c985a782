package dev.interlock.platform.credentials;

import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayAdminister;
import dev.interlock.platform.security.MayView;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import java.time.Instant;
import java.util.List;

/** Passwords that were refused and are not tried again (L43). */
@Controller("/api/v1/credential-refusals")
@Requires(beans = PasswordAttempts.class)
class CredentialRefusalsController {

    /** A refused password, without it. */
    record View(String credential, String place, Instant at) {}

    /** All of them; there are as many as credentials times places, never many. */
    record Views(List<View> items) {}

    private final PasswordAttempts attempts;

    CredentialRefusalsController(PasswordAttempts attempts) {
        this.attempts = attempts;
    }

    /** Lists what was refused where. */
    @Get
    @MayView
    Views list() {
        return new Views(attempts.list().stream()
                .map(r -> new View(r.credential(), r.place(), r.at()))
                .toList());
    }

    /** Allows a refused credential one more try everywhere. */
    @Delete("/{credential}")
    @MayAdminister
    @Audited("credential-refusal.clear")
    HttpResponse<?> clear(String credential) {
        if (attempts.clear(credential) == 0) {
            throw ProblemException.notFound("refusal of the credential", credential);
        }
        return HttpResponse.noContent();
    }
}
