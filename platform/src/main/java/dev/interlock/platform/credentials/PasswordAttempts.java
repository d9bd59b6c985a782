package dev.interlock.platform.credentials;

import java.time.Instant;
import java.util.List;

/**
 * Remembers which password failed where, so that a wrong one is tried once and not again until its file changes or an operator
 * clears it: three wrong tries lock an administrator out (L43).
 */
public interface PasswordAttempts {

    /**
     * A password that a place refused.
     *
     * @param place who refused it, {@code user@address:port} or a URL
     */
    record Refused(String credential, String place, String version, Instant at) {}

    /** @throws CredentialException when exactly this password failed at this place before */
    void check(Credential.Password password, String place);

    /** Call when the place said no; kept over restarts. */
    void failed(Credential.Password password, String place);

    /** Forgets the failures of a credential everywhere; the next use is a new try. Returns how many there were. */
    int clear(String credential);

    List<Refused> list();

    /** The refusal that {@link #check} throws. */
    static CredentialException refusal(Credential.Password password, String place) {
        return new CredentialException(
                password.name(),
                "The password " + password.name() + " was refused by " + place + " and is not tried again.",
                "Correct the password in its file, or clear the refusal with DELETE /api/v1/credential-refusals/"
                        + password.name() + " if the other side was at fault.");
    }
}
