package dev.interlock.edge.session;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.interlock.edge.site.PlainPage;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.Problems;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in and out at the enterprise's provider. What has to be remembered in between is in a cookie of its own, {@code SameSite=Lax}: the
 * browser comes back from another site, and would not bring a strict one.
 */
@Controller("/session")
@Produces(MediaType.ALL)
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class OidcController {

    private static final Logger LOG = LoggerFactory.getLogger(OidcController.class);
    static final String LOGOUT = "/session/logout";

    private static final String COOKIE = "interlock-login";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A page of ours: nothing that a browser could take for another host. */
    private static final Pattern OWN_PAGE = Pattern.compile("/(?![/\\\\])[^\\\\\\p{Cntrl}\\s]*");

    private final OidcSettings settings;
    private final IdentityProvider provider;
    private final SignIn signIn;
    private final SignOut signOut;
    private final Sessions sessions;
    private final SealedCookies cookies;
    private final PublicAddress address;
    private final Clock clock;

    OidcController(
            OidcSettings settings,
            IdentityProvider provider,
            SignIn signIn,
            SignOut signOut,
            Sessions sessions,
            SealedCookies cookies,
            PublicAddress address,
            Clock clock) {
        this.settings = settings;
        this.provider = provider;
        this.signIn = signIn;
        this.signOut = signOut;
        this.sessions = sessions;
        this.cookies = cookies;
        this.address = address;
        this.clock = clock;
    }

    @Get("/login")
    @Operation(summary = "Sign in at the identity provider, then go to a page of the console")
    HttpResponse<?> login(HttpRequest<?> request, @QueryValue(defaultValue = "/") String to) {
        if (!settings.isConfigured()) {
            return Problems.answer(
                    request,
                    Problem.of("no-identity-provider", 404, "There is no identity provider")
                            .detail("This installation has none; one signs in with a token.")
                            .next("Paste a token at the console, or set interlock.edge.oidc.issuer."));
        }
        if (!OWN_PAGE.matcher(to).matches()) {
            return Problems.answer(
                    request,
                    Problem.invalid(
                            "to is no page of the console.", "Give a path that begins with one slash, such as /runs."));
        }
        var state = new State();
        var nonce = new Nonce();
        var verifier = new CodeVerifier();
        try {
            var answer = HttpResponse.seeOther(provider.loginAddress(callback(request), state, nonce, verifier))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store");
            var remembered = new JWTClaimsSet.Builder()
                    .claim("state", state.getValue())
                    .claim("nonce", nonce.getValue())
                    .claim("verifier", verifier.getValue())
                    .claim("to", to)
                    .expirationTime(Date.from(clock.instant().plus(PATIENCE)))
                    .build();
            cookies.seal(request, COOKIE, SameSite.Lax, remembered).forEach(answer::cookie);
            return answer;
        } catch (IdentityProvider.Refused refused) {
            return failed(request, refused);
        } catch (SealedCookies.TooLong tooLong) {
            return Problems.answer(request, Problem.invalid("to is too long.", "Give a shorter path."));
        }
    }

    @Get("/callback")
    @Operation(summary = "Where the identity provider sends the browser back")
    HttpResponse<?> back(HttpRequest<?> request) {
        var remembered = cookies.open(request, COOKIE);
        if (!settings.isConfigured() || remembered.isEmpty()) {
            return failed(
                    request,
                    new IdentityProvider.Refused(
                            "This sign-in was not begun in this browser, or longer than " + PATIENCE.toMinutes()
                                    + " minutes ago.",
                            false,
                            null));
        }
        var login = remembered.get();
        try {
            var response = parsed(request);
            if (!text(login, "state")
                    .equals(
                            response.getState() == null
                                    ? ""
                                    : response.getState().getValue())) {
                throw new IdentityProvider.Refused("This answer belongs to another sign-in.", false, null);
            }
            if (!response.indicatesSuccess()) {
                throw IdentityProvider.refused(response.toErrorResponse().getErrorObject());
            }
            var code = response.toSuccessResponse().getAuthorizationCode();
            if (code == null) {
                throw new IdentityProvider.Refused("The identity provider gave no code.", false, null);
            }
            var tokens = provider.redeem(
                    code,
                    callback(request),
                    new Nonce(text(login, "nonce")),
                    new CodeVerifier(text(login, "verifier")),
                    response.getIssuer());
            var session = signIn.with(request, tokens).block();
            if (session == null) {
                throw new IdentityProvider.Refused(
                        "You are known to the identity provider, but its access token is not one that Interlock takes:"
                                + " it must be a signed JWT of the configured issuer and audience.",
                        false,
                        null);
            }
            var answer =
                    HttpResponse.seeOther(URI.create(text(login, "to"))).header(HttpHeaders.CACHE_CONTROL, "no-store");
            sessions.begin(request, session).forEach(answer::cookie);
            cookies.clear(request, COOKIE, SameSite.Lax).forEach(answer::cookie);
            return answer;
        } catch (IdentityProvider.Refused refused) {
            return failed(request, refused);
        } catch (SealedCookies.TooLong tooLong) {
            return failed(
                    request,
                    new IdentityProvider.Refused(
                            "The identity provider's tokens are too large to be kept in cookies; have it leave out what"
                                    + " Interlock does not need, such as long lists of groups.",
                            false,
                            tooLong));
        }
    }

    @Get("/logout")
    @Operation(summary = "Have the identity provider end its session, too; where the page goes after signing out")
    HttpResponse<?> logout(HttpRequest<?> request) {
        var here = URI.create(address.of(request) + "/");
        var begun = signOut.begun(request);
        MutableHttpResponse<?> answer;
        try {
            // without a sign-out that was begun here, another site sent the browser
            var there = begun.isPresent() && settings.isConfigured()
                    ? provider.logoutAddress(begun.get().idToken(), here)
                    : Optional.<URI>empty();
            answer = HttpResponse.seeOther(there.orElse(here));
        } catch (IdentityProvider.Refused refused) {
            LOG.warn("the identity provider's session goes on: {}", refused.getMessage());
            answer = PlainPage.answer(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Signed out of Interlock only",
                    "<p>" + PlainPage.escaped(String.valueOf(refused.getMessage()))
                            + "</p>\n<p>You are signed out here, but still signed in there: on a machine that others use, close"
                            + " the browser.</p>\n<p><a href=\"/\">To the console</a></p>");
        }
        answer.header(HttpHeaders.CACHE_CONTROL, "no-store");
        signOut.end(request).forEach(answer::cookie);
        return answer;
    }

    private AuthenticationResponse parsed(HttpRequest<?> request) throws IdentityProvider.Refused {
        try {
            return AuthenticationResponseParser.parse(
                    URI.create(callback(request) + "?" + request.getUri().getRawQuery()));
        } catch (ParseException strange) {
            throw new IdentityProvider.Refused("The identity provider's answer cannot be understood.", false, strange);
        }
    }

    private URI callback(HttpRequest<?> request) {
        return URI.create(address.of(request) + "/session/callback");
    }

    private static String text(JWTClaimsSet claims, String name) {
        return String.valueOf(claims.getClaim(name));
    }

    /** A person sees this, in the middle of signing in. */
    private MutableHttpResponse<?> failed(HttpRequest<?> request, IdentityProvider.Refused refused) {
        LOG.warn("signing in failed: {}", refused.getMessage(), refused.getCause());
        var status = refused.isUnreachable() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.UNAUTHORIZED;
        var answer = PlainPage.answer(
                status,
                "Signing in did not work",
                "<p>" + PlainPage.escaped(String.valueOf(refused.getMessage()))
                        + "</p>\n<p><a href=\"/session/login\">Try again</a>, or tell"
                        + " who runs Interlock what this page says.</p>");
        cookies.clear(request, COOKIE, SameSite.Lax).forEach(answer::cookie);
        return answer;
    }
}
