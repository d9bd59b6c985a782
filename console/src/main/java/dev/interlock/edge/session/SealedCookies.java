package dev.interlock.edge.session;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Claims in a cookie that only the edge can read or write: JWE, {@code dir}, A256GCM, compressed. What does not fit into one cookie is
 * spread over several; the first says over how many.
 */
@Singleton
class SealedCookies {

    /** Browsers take 4096 bytes a cookie, its name and attributes included. */
    private static final int ROOM = 3800;

    private static final int MOST_PIECES = 5;

    private final CookieKey key;
    private final PublicAddress address;
    private final Clock clock;

    SealedCookies(CookieKey key, PublicAddress address, Clock clock) {
        this.key = key;
        this.address = address;
        this.clock = clock;
    }

    /** Does not fit into cookies. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        TooLong(int length) {
            super(length + " characters");
        }
    }

    /**
     * @param purpose a name for what is sealed; a cookie made for another one is not opened
     * @param claims with {@code exp}, after which nobody opens it
     */
    List<Cookie> seal(HttpRequest<?> request, String purpose, SameSite sameSite, JWTClaimsSet claims) throws TooLong {
        var jwt = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .compressionAlgorithm(CompressionAlgorithm.DEF)
                        .build(),
                new JWTClaimsSet.Builder(claims).audience(purpose).build());
        try {
            jwt.encrypt(new DirectEncrypter(key.get()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        var sealed = jwt.serialize();
        int pieces = (sealed.length() + ROOM - 1) / ROOM;
        if (pieces > MOST_PIECES) {
            throw new TooLong(sealed.length());
        }
        var age = Duration.between(clock.instant(), claims.getExpirationTime().toInstant());
        var cookies = new ArrayList<Cookie>();
        for (int i = 0; i < pieces; i++) {
            var piece = sealed.substring(i * ROOM, Math.min(sealed.length(), (i + 1) * ROOM));
            cookies.add(cookie(request, purpose, sameSite, i, i == 0 ? pieces + "." + piece : piece)
                    .maxAge(age));
        }
        for (int i = pieces; i < MOST_PIECES; i++) {
            if (request.getCookies().contains(name(request, purpose, i))) {
                cookies.add(cookie(request, purpose, sameSite, i, "").maxAge(0));
            }
        }
        return cookies;
    }

    /** Empty for a cookie that is not there, was altered, is of another key or purpose, or is over. */
    Optional<JWTClaimsSet> open(HttpRequest<?> request, String purpose) {
        var first = request.getCookies()
                .findCookie(name(request, purpose, 0))
                .map(Cookie::getValue)
                .orElse("");
        if (first.length() < 3
                || first.charAt(1) != '.'
                || first.charAt(0) < '1'
                || first.charAt(0) > '0' + MOST_PIECES) {
            return Optional.empty();
        }
        var sealed = new StringBuilder(first.substring(2));
        for (int i = 1; i < first.charAt(0) - '0'; i++) {
            request.getCookies()
                    .findCookie(name(request, purpose, i))
                    .map(Cookie::getValue)
                    .ifPresent(sealed::append);
        }
        try {
            var jwt = EncryptedJWT.parse(sealed.toString());
            jwt.decrypt(new DirectDecrypter(key.get()));
            var claims = jwt.getJWTClaimsSet();
            boolean counts = claims.getAudience().equals(List.of(purpose))
                    && claims.getExpirationTime() != null
                    && clock.instant().isBefore(claims.getExpirationTime().toInstant());
            return counts ? Optional.of(claims) : Optional.empty();
        } catch (ParseException | JOSEException | IllegalStateException notOurs) {
            return Optional.empty();
        }
    }

    /** Makes the browser forget what it has of it. */
    List<Cookie> clear(HttpRequest<?> request, String purpose, SameSite sameSite) {
        var cookies = new ArrayList<Cookie>();
        for (int i = 0; i < MOST_PIECES; i++) {
            if (request.getCookies().contains(name(request, purpose, i))) {
                cookies.add(cookie(request, purpose, sameSite, i, "").maxAge(0));
            }
        }
        return cookies;
    }

    boolean isShown(HttpRequest<?> request, String purpose) {
        return request.getCookies().contains(name(request, purpose, 0));
    }

    private Cookie cookie(HttpRequest<?> request, String purpose, SameSite sameSite, int piece, String value) {
        return Cookie.of(name(request, purpose, piece), value)
                .httpOnly(true)
                .secure(address.isSecure(request))
                .sameSite(sameSite)
                .path("/");
    }

    /**
     * Browsers let nobody but this very host set a cookie whose name begins with {@code __Host-}; it needs https. They do not tell
     * ports apart, so the name does: two installations on one machine would sign each other's people out.
     */
    private String name(HttpRequest<?> request, String purpose, int piece) {
        int port = address.of(request).getPort();
        return (address.isSecure(request) ? "__Host-" : "")
                + purpose
                + (port < 0 ? "" : "-" + port)
                + (piece == 0 ? "" : "." + piece);
    }
}
