package dev.interlock.platform.problem;

import dev.interlock.platform.credentials.CredentialException;
import dev.interlock.platform.ssh.SshException;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** How the platform's own exceptions are answered when a controller lets them through. */
@Factory
final class ProblemHandlers {

    /** Named so that the framework can tell the handlers' types apart. */
    interface OfProblem extends ExceptionHandler<ProblemException, HttpResponse<?>> {}

    interface OfCredential extends ExceptionHandler<CredentialException, HttpResponse<?>> {}

    interface OfSsh extends ExceptionHandler<SshException, HttpResponse<?>> {}

    @Singleton
    OfProblem problem() {
        return (request, thrown) -> Problems.answer(request, thrown.problem());
    }

    @Singleton
    OfCredential credential() {
        return (request, thrown) -> Problems.answer(request, of(thrown));
    }

    @Singleton
    OfSsh ssh() {
        return (request, thrown) -> Problems.answer(
                request,
                Problem.of("host-not-reached", 502, "The host could not be worked with")
                        .detail(thrown.getMessage() + ".")
                        .next("Mend the connection to the host, then try again."));
    }

    static Problem of(CredentialException thrown) {
        return Problem.of("credential-unusable", 409, "A credential cannot be used")
                .detail(String.valueOf(thrown.getMessage()))
                .next(thrown.next())
                .with("credential", thrown.credential());
    }
}
