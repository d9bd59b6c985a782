package dev.interlock.license.adapter.http;

import dev.interlock.license.app.ServerTrouble;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.Problems;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** How trouble with a license server of its own is answered. */
@Singleton
class ServerTroubleHandler implements ExceptionHandler<ServerTrouble, HttpResponse<?>> {
    @Override
    public HttpResponse<?> handle(HttpRequest request, ServerTrouble trouble) {
        var kind = trouble.kind();
        return Problems.answer(
                request,
                Problem.of(kind.slug(), kind.status(), kind.title())
                        .detail(trouble.detail())
                        .next(trouble.next()));
    }
}
