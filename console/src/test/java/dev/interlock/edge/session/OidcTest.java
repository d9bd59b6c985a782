package dev.interlock.edge.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.interlock.edge.EdgeUnderTest;
import dev.interlock.edge.EdgeUnderTest.Answer;
import dev.interlock.edge.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in and out at an OpenID provider, step by step as a browser does it. */
@Timeout(60)
class OidcTest {

    private static final HttpClient BROWSER =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    private static OpenIdProvider provider;
    private static Service service;
    private static EdgeUnderTest edge;

    @BeforeAll
    static void start() throws Exception {
        provider = new OpenIdProvider();
        service = new Service();
        edge = new EdgeUnderTest(service, at(provider));
    }

    private static Map<String, Object> at(OpenIdProvider provider) {
        return Map.of(
                "interlock.security.jwks",
                "",
                "interlock.security.jwks-url",
                provider.issuer() + "/jwks",
                "interlock.security.issuer",
                provider.issuer().toString(),
                "interlock.security.audience",
                "interlock",
                "interlock.edge.oidc.issuer",
                provider.issuer().toString(),
                "interlock.edge.oidc.client-secret",
                OpenIdProvider.SECRET);
    }

    @AfterAll
    static void stop() {
        edge.close();
        service.close();
        provider.close();
    }

    @BeforeEach
    void ordinary() {
        provider.validity = Duration.ofMinutes(5);
        provider.refusal = null;
        provider.wrongNonce = null;
        while (service.wasAsked()) {
            service.asked();
        }
    }

    @Test
    void onePersonSignsInAndIsSentToThePageThatWasWanted() throws Exception {
        assertThat(edge.get("/session").json().path("login").asText()).isEqualTo("oidc");
        var begun = edge.get("/session/login?to=/runs/7%3Ftab=steps");
        assertThat(begun.status()).isEqualTo(303);
        assertThat(begun.header("Location"))
                .startsWith(provider.issuer() + "/authorize?")
                .contains("code_challenge_method=S256")
                .contains("state=")
                .contains("nonce=");
        assertThat(begun.header("Set-Cookie")).contains("SameSite=Lax").containsIgnoringCase("HttpOnly");

        var back = atProvider(begun);
        var signedIn = edge.get(back, "Cookie", begun.cookies());

        assertThat(signedIn.status()).isEqualTo(303);
        assertThat(signedIn.header("Location")).isEqualTo("/runs/7?tab=steps");
        assertThat(signedIn.raw().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("interlock-session").contains("SameSite=Strict"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("interlock-login").contains("Max-Age=0"));
        var session = edge.get("/session", "Cookie", signedIn.cookies()).json();
        assertThat(session.path("subject").asText()).isEqualTo("olga");
        assertThat(session.path("roles")).extracting(r -> r.asText()).containsExactly("operator", "viewer");
        assertThat(edge.get("/api/inventory/v1/hosts", "Cookie", signedIn.cookies())
                        .status())
                .isEqualTo(200);
        assertThat(service.asked().headers().getFirst("Authorization")).startsWith("Bearer ey");

        assertThat(edge.get(back, "Cookie", begun.cookies()).status())
                .as("a code counts once")
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/%5Cevil.example/",
                "%5C%5Cevil.example",
                "/%09/evil.example",
                "runs",
                "/a%0d%0aSet-Cookie:x"
            })
    void nobodyIsSentElsewhere(String to) {
        var answer = edge.get("/session/login?to=" + to);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.header("Location")).isEmpty();
    }

    @Test
    void anAnswerThatThisBrowserDidNotAskForIsRefused() throws Exception {
        var mine = edge.get("/session/login");
        var anothers = edge.get("/session/login");

        assertRefused(edge.get(atProvider(anothers), "Cookie", mine.cookies()), "belongs to another sign-in");
        assertRefused(edge.get(atProvider(mine)), "was not begun in this browser");
    }

    @Test
    void aCodeWithAnothersChallengeIsRefusedByTheProvider() throws Exception {
        var mine = edge.get("/session/login");
        var anothers = edge.get("/session/login");
        var stolen = query(atProvider(anothers), "code");
        var back = atProvider(mine);

        assertRefused(
                edge.get(back.replace(query(back, "code"), stolen), "Cookie", mine.cookies()),
                "The identity provider refused");
    }

    @Test
    void anIdTokenOfAnotherSignInIsRefused() throws Exception {
        provider.wrongNonce = "of-another";
        var begun = edge.get("/session/login");

        assertRefused(edge.get(atProvider(begun), "Cookie", begun.cookies()), "ID token cannot be trusted");
    }

    @Test
    void anAnswerOfAnotherProviderIsRefused() throws Exception {
        var begun = edge.get("/session/login");
        var back = atProvider(begun).replace("iss=http%3A%2F%2F127.0.0.1", "iss=http%3A%2F%2Fevil.example");

        assertRefused(edge.get(back, "Cookie", begun.cookies()), "not of the identity provider");
    }

    @Test
    void whatTheProviderSaysIsShownToThePersonAndNotRun() throws Exception {
        provider.refusal = OAuth2Error.ACCESS_DENIED.setDescription("No <script>alert(1)</script> for you");
        var begun = edge.get("/session/login");

        var answer = edge.get(atProvider(begun), "Cookie", begun.cookies(), "Accept", "text/html");

        assertRefused(answer, "access_denied");
        assertThat(answer.text()).doesNotContain("<script>");
    }

    @Test
    void aTokenIsRenewedOnceBeforeItsEndForAllThatAskAtOnce() throws Exception {
        provider.validity = Duration.ofSeconds(50); // less than is left when it is renewed
        var cookies = signIn();
        provider.validity = Duration.ofMinutes(5);
        int before = provider.renewals.get();

        var answers = IntStream.range(0, 8)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> edge.get("/api/inventory/v1/hosts", "Cookie", cookies)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(provider.renewals.get() - before).isEqualTo(1);
        var renewed = answers.getFirst().cookies();
        assertThat(renewed).startsWith("interlock-session");
        assertThat(List.of(service.asked(), service.asked(), service.asked()))
                .extracting(asked -> asked.headers().getFirst("Authorization"))
                .containsOnly(service.asked().headers().getFirst("Authorization"));

        assertThat(edge.get("/session", "Cookie", renewed)
                        .json()
                        .path("subject")
                        .asText())
                .isEqualTo("olga");
        assertThat(provider.renewals.get() - before).as("not again").isEqualTo(1);
    }

    @Test
    void whomTheProviderLockedOutIsSignedOutAtTheNextRenewal() throws Exception {
        provider.validity = Duration.ofSeconds(50);
        var cookies = signIn();
        provider.revokeAll();

        var answer = edge.get("/api/inventory/v1/hosts", "Cookie", cookies);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Set-Cookie")).contains("Max-Age=0");
    }

    @Test
    void signingOutEndsTheProvidersSessionToo() throws Exception {
        provider.registered.add(URI.create(edge.address() + "/"));
        var answer = signOut(edge, signIn());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("continueAt").asText()).isEqualTo("/session/logout");
        assertThat(answer.text()).doesNotContain("eyJ");
        assertThat(answer.raw().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("interlock-session").contains("Max-Age=0"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("interlock-logout")
                        .contains("SameSite=Strict")
                        .containsIgnoringCase("HttpOnly"));

        var onItsWay = edge.get("/session/logout", "Cookie", answer.cookies());
        assertThat(onItsWay.status()).isEqualTo(303);
        assertThat(onItsWay.header("Location"))
                .startsWith(provider.issuer() + "/end-session?")
                .contains("id_token_hint=ey");
        assertThat(onItsWay.header("Set-Cookie")).startsWith("interlock-logout").contains("Max-Age=0");
        assertThat(location(onItsWay)).isEqualTo(edge.address() + "/");
        assertThat(provider.ended).containsExactly("olga");
        provider.ended.clear();
    }

    @Test
    void aRenewedSessionStillKnowsTheProvidersSession() throws Exception {
        provider.validity = Duration.ofSeconds(50);
        var before = signIn();
        provider.validity = Duration.ofMinutes(5);
        var renewed = edge.get("/session", "Cookie", before).cookies();

        var onItsWay =
                edge.get("/session/logout", "Cookie", signOut(edge, renewed).cookies());

        assertThat(renewed).startsWith("interlock-session");
        assertThat(onItsWay.header("Location")).contains("id_token_hint=ey");
    }

    @Test
    void nobodyIsSignedOutByALink() throws Exception {
        var cookies = signIn();

        var answer = edge.get("/session/logout", "Cookie", cookies);

        assertThat(answer.header("Location")).isEqualTo(edge.address() + "/");
        assertThat(edge.get("/session", "Cookie", cookies)
                        .json()
                        .path("signedIn")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void whereTheProviderEndsNoSessionsOnlyThisOneEnds() throws Exception {
        try (var simple = new OpenIdProvider(false);
                var atIt = new EdgeUnderTest(service, at(simple))) {
            var answer = atIt.get("/session/logout", "Cookie", signedInAndOut(atIt));

            assertThat(answer.status()).isEqualTo(303);
            assertThat(answer.header("Location")).isEqualTo(atIt.address() + "/");
        }
    }

    @Test
    void aProviderThatIsAwayWhenSomebodySignsOutIsSaid(@TempDir Path folder) throws Exception {
        var shared = new HashMap<>(at(provider));
        shared.put("interlock.edge.public-url", "http://console.example");
        shared.put("interlock.edge.session.key-file", folder.resolve("key").toString());
        var away = new HashMap<>(shared);
        away.put("interlock.edge.oidc.issuer", "http://127.0.0.1:1");
        try (var before = new EdgeUnderTest(service, shared);
                var after = new EdgeUnderTest(service, away)) {
            var answer = after.get("/session/logout", "Cookie", signedInAndOut(before));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("Signed out of Interlock only").contains("cannot be asked");
        }
    }

    @Test
    void withoutAProviderThereIsNoLogin() {
        try (var plain = new EdgeUnderTest(service, Map.of())) {
            assertThat(plain.get("/session/login").problem()).isEqualTo("no-identity-provider");
        }
    }

    @Test
    void aProviderThatIsAwayIsSaidToThePerson() {
        try (var alone = new EdgeUnderTest(service, Map.of("interlock.edge.oidc.issuer", "http://127.0.0.1:1"))) {
            var answer = alone.get("/session/login", "Accept", "text/html");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("cannot be asked");
        }
    }

    private static String signIn() throws Exception {
        var begun = edge.get("/session/login");
        var signedIn = edge.get(atProvider(begun), "Cookie", begun.cookies());
        assertThat(signedIn.status()).isEqualTo(303);
        return signedIn.cookies();
    }

    /** Follows to the provider and gives the path with which it sends the browser back. */
    private static String atProvider(Answer begun) throws Exception {
        var back = location(begun);
        assertThat(back).startsWith(edge.address() + "/session/callback?");
        return back.substring(edge.address().toString().length());
    }

    /** Follows a redirect to the provider, and gives where that sends the browser. */
    private static String location(Answer redirect) throws Exception {
        var answer = BROWSER.send(
                HttpRequest.newBuilder(URI.create(redirect.header("Location"))).build(),
                HttpResponse.BodyHandlers.discarding());
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** The cookies with which the browser goes on from there. */
    private static String signedInAndOut(EdgeUnderTest at) throws Exception {
        var begun = at.get("/session/login");
        var back = URI.create(location(begun));
        var signedIn = at.get(back.getRawPath() + "?" + back.getRawQuery(), "Cookie", begun.cookies());
        return signOut(at, signedIn.cookies()).cookies();
    }

    private static Answer signOut(EdgeUnderTest at, String cookies) {
        return at.send("DELETE", "/session", (byte[]) null, "Cookie", cookies, "Sec-Fetch-Site", "same-origin");
    }

    private static String query(String address, String name) {
        return address.replaceAll(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    private static void assertRefused(Answer answer, String why) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.text())
                .contains("Signing in did not work")
                .contains(why)
                .contains("/session/login");
        assertThat(answer.cookies()).isEmpty();
    }
}
