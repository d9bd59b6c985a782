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
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;

/** Passwords that were refused and are not tried again (L43). */
@Controller("/api/v1/credential-refusals")
@Requires(beans = PasswordAttempts.class)
@Tag(name = "credential refusals")
class CredentialRefusalsController {

    /** A refused password, without it. */
    record CredentialRefusalView(String credential, String place, Instant at) {}

    /** All of them; there are as many as credentials times places, never many. */
    record CredentialRefusalList(List<CredentialRefusalView> items) {}

    private final PasswordAttempts attempts;

    CredentialRefusalsController(PasswordAttempts attempts) {
        this.attempts = attempts;
    }

    @Get
    @MayView
    @Operation(
            operationId = "listCredentialRefusals",
            summary = "List the passwords that were refused and are not tried again (L43)")
    CredentialRefusalList list() {
        return new CredentialRefusalList(attempts.list().stream()
                .map(r -> new CredentialRefusalView(r.credential(), r.place(), r.at()))
                .toList());
    }

    @Delete("/{credential}")
    @MayAdminister
    @Audited("credential-refusal.clear")
    @Operation(operationId = "clearCredentialRefusal", summary = "Allow a refused credential one more try everywhere")
    @ApiResponse(responseCode = "204", description = "Cleared")
    HttpResponse<?> clear(String credential) {
        if (attempts.clear(credential) == 0) {
            throw ProblemException.notFound("refusal of the credential", credential);
        }
        return HttpResponse.noContent();
    }
}
