package dev.interlock.platform.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.Map;

/**
 * Problems as answers. A controller whose refusal must <em>keep</em> its transaction (a denied session is a fact with an event)
 * returns {@link #answer}; one whose refusal must leave no trace throws {@link ProblemException}.
 */
public final class Problems {

    public static final MediaType TYPE = MediaType.of(Problem.MEDIA_TYPE);

    private Problems() {}

    public static MutableHttpResponse<Map<String, Object>> answer(HttpRequest<?> request, Problem problem) {
        return HttpResponse.<Map<String, Object>>status(HttpStatus.valueOf(problem.status()), problem.title())
                .contentType(TYPE)
                .body(problem.body(request.getPath()));
    }
}
