package dev.interlock.edge.session;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Who is signed in, for the page; the token itself is nowhere in an answer. */
@Controller("/session")
@Secured(SecurityRule.IS_ANONYMOUS)
class SessionController {

    private final Sessions sessions;
    private final SignIn signIn;
    private final SignOut signOut;
    private final String login;
    private final Version version;

    SessionController(Sessions sessions, SignIn signIn, SignOut signOut, OidcSettings oidc, Version version) {
        this.sessions = sessions;
        this.signIn = signIn;
        this.signOut = signOut;
        this.login = oidc.isConfigured() ? "oidc" : "token";
        this.version = version;
    }

    /**
     * @param login how one signs in here: {@code token} by pasting one, {@code oidc} at {@code /session/login}
     */
    @Introspected
    record View(
            boolean signedIn,
            @Nullable String subject,
            Set<String> roles,
            @Nullable Instant expiresAt,
            String login,
            String version) {}

    /** @param continueAt a path to which the page goes on, so that the identity provider ends its session, too */
    @Introspected
    record SignedOut(String continueAt) {}

    @Introspected
    record PastedToken(@NotBlank String token) {}

    @Get
    @Operation(summary = "Who is signed in; answers 200 also when nobody is")
    Publisher<MutableHttpResponse<View>> show(HttpRequest<?> request) {
        return sessions.current(request)
                .map(current -> {
                    var answer = view(current.session());
                    current.renewed().forEach(answer::cookie);
                    return answer;
                })
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    var answer = view(null);
                    sessions.end(request).forEach(answer::cookie);
                    return answer;
                }));
    }

    @Post
    @Operation(summary = "Sign in with a token")
    Publisher<MutableHttpResponse<View>> begin(HttpRequest<?> request, @Body @Valid PastedToken body) {
        return signIn.with(request, body.token().strip())
                .map(session -> begin(request, session))
                .switchIfEmpty(Mono.error(() -> Problem.of("unauthenticated", 401, "A valid token is needed")
                        .detail("The token is expired, not yet valid, or not signed by a trusted issuer.")
                        .next("Have a new one made, with ./interlock token --user NAME --role ROLE or by your identity"
                                + " provider, and paste all of it.")
                        .exception()));
    }

    private MutableHttpResponse<View> begin(HttpRequest<?> request, Session session) {
        var answer = view(session);
        try {
            sessions.begin(request, session).forEach(answer::cookie);
        } catch (SealedCookies.TooLong tooLong) {
            throw new ProblemException(
                    Problem.of("token-too-large", 422, "The token is too large for a session")
                            .detail("Browsers keep only so much in cookies, and this token does not fit.")
                            .next("Have your identity provider leave out claims that Interlock does not need, such as"
                                    + " long lists of groups."),
                    tooLong);
        }
        return answer;
    }

    @Delete
    @Operation(
            summary =
                    "Sign out; 204, or 200 with the path to which the page goes on when an identity provider began the session")
    HttpResponse<?> end(HttpRequest<?> request) {
        var atProvider =
                sessions.open(request).filter(Session::isOfProvider).map(session -> signOut.begin(request, session));
        MutableHttpResponse<?> answer = atProvider.isPresent()
                ? HttpResponse.ok(new SignedOut(OidcController.LOGOUT))
                : HttpResponse.noContent();
        answer.header(HttpHeaders.CACHE_CONTROL, "no-store");
        sessions.end(request).forEach(answer::cookie);
        atProvider.ifPresent(cookies -> cookies.forEach(answer::cookie));
        return answer;
    }

    private MutableHttpResponse<View> view(@Nullable Session session) {
        var view = session == null
                ? new View(false, null, Set.of(), null, login, version.text())
                : new View(true, session.subject(), session.rolesInOrder(), session.expiresAt(), login, version.text());
        return HttpResponse.ok(view).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
