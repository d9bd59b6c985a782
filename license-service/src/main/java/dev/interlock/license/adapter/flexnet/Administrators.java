package dev.interlock.license.adapter.flexnet;

import dev.interlock.license.app.ServerTrouble;
import dev.interlock.license.app.ServerTrouble.Kind;
import dev.interlock.license.app.ServerWatch;
import dev.interlock.license.app.TellLockOut;
import dev.interlock.license.domain.AdminPassword;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.credentials.Credential;
import dev.interlock.platform.credentials.Credentials;
import dev.interlock.platform.credentials.PasswordAttempts;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The administrator's password of a license server: by REST and by SSH it is one and the same, tried once when it is wrong, and
 * not at all while the server is locked (L43).
 */
@Singleton
final class Administrators {
    private final Credentials credentials;
    private final PasswordAttempts attempts;
    private final ServerWatch watch;
    private final TellLockOut lockOut;
    private final Clock clock;
    private final Map<ServerId, Boolean> initial = new ConcurrentHashMap<>();

    Administrators(
            Credentials credentials, PasswordAttempts attempts, ServerWatch watch, TellLockOut lockOut, Clock clock) {
        this.credentials = credentials;
        this.attempts = attempts;
        this.watch = watch;
        this.lockOut = lockOut;
        this.clock = clock;
    }

    List<String> flaws(LicenseServer server) {
        return AdminPassword.flaws(kept(server).password().reveal());
    }

    Credential.Password password(LicenseServer server) {
        var password = kept(server);
        attempts.check(password, place(server));
        var locked = watch.find(server.id()).map(ServerWatch.Seen::lockedUntil).orElse(null);
        if (locked != null && clock.instant().isBefore(locked)) {
            throw trouble(server, locked);
        }
        return password;
    }

    private Credential.Password kept(LicenseServer server) {
        var name = Managed.of(server).credential();
        if (!(credentials.resolve(name) instanceof Credential.Password password)) {
            throw new ServerTrouble(
                    Kind.NOT_SET_UP,
                    "The credential " + name + " of " + server.name() + " is a key; its administrator has a password.",
                    "Put the password into " + name + ".password, or register another credential.");
        }
        return password;
    }

    void letIn(LicenseServer server, Credential.Password password) {
        initial.put(server.id(), AdminPassword.isInitial(password.password().reveal()));
    }

    boolean letInWithInitialPassword(LicenseServer server) {
        return initial.getOrDefault(
                server.id(),
                watch.find(server.id()).map(ServerWatch.Seen::defaultPassword).orElse(false));
    }

    ServerTrouble refused(LicenseServer server, Credential.Password password) {
        attempts.failed(password, place(server));
        return new ServerTrouble(
                Kind.PASSWORD_REFUSED,
                server.name() + " does not accept the password " + password.name()
                        + ". It was tried once and is not tried again: three wrong ones lock the administrator out.",
                "Correct the password in its file, or clear the refusal with DELETE /api/v1/credential-refusals/"
                        + password.name() + " if the server was at fault.");
    }

    ServerTrouble lockedOut(LicenseServer server) {
        return trouble(server, lockOut.handle(server.id()));
    }

    private static ServerTrouble trouble(LicenseServer server, Instant until) {
        return new ServerTrouble(
                Kind.LOCKED_OUT,
                server.name() + " blocks admin commands after three wrong passwords, until " + until + ".",
                "Wait until then or restart its service, and find out who tries wrong passwords. Nothing is tried before.");
    }

    private static String place(LicenseServer server) {
        return Managed.of(server).baseUrl();
    }
}
