package dev.interlock.platform.ssh;

import java.time.Duration;

/** Why SSH did not work. Switch over it without {@code default}. */
public sealed interface SshFailure {

    /** What happened, for a person. */
    String sentence();

    /** Nothing listens, no route, or the name does not resolve: the host was not touched. */
    record Unreachable(String detail) implements SshFailure {
        @Override
        public String sentence() {
            return "cannot connect: " + detail;
        }
    }

    /** Too slow. During {@link During#COMMAND} the command may have run. */
    record TimedOut(During during, Duration after) implements SshFailure {
        @Override
        public String sentence() {
            return "no answer within " + after.toMillis() + " ms while " + during.doing();
        }
    }

    /**
     * The host shows another key than the pinned one: everything for this host stops until a person accepts the new key.
     *
     * @param expected the pinned key, {@code ssh-ed25519 AAAA…}
     * @param presented the key shown now
     */
    record HostKeyChanged(String expected, String presented) implements SshFailure {
        @Override
        public String sentence() {
            return "host key changed: expected " + HostKeys.fingerprint(expected) + ", presented "
                    + HostKeys.fingerprint(presented);
        }
    }

    /**
     * No key is pinned for this host; nothing was sent to it.
     *
     * @param presented the key it shows, {@code ssh-ed25519 AAAA…}, for a person to compare and pin
     */
    record HostKeyUnknown(String presented) implements SshFailure {
        @Override
        public String sentence() {
            return "no host key is pinned; the host presents " + HostKeys.fingerprint(presented);
        }
    }

    /** The host does not accept the credential; a password is then not tried again (L43). */
    record AuthenticationFailed(String user, String credential, String detail) implements SshFailure {
        @Override
        public String sentence() {
            return "the host does not accept credential " + credential + " for user " + user + ": " + detail;
        }
    }

    /** The connection broke. During {@link During#COMMAND} the command may have run. */
    record ConnectionLost(During during, String detail) implements SshFailure {
        @Override
        public String sentence() {
            return "connection lost while " + during.doing() + ": " + detail;
        }
    }

    /** Whether the command may have had an effect on the host, so that it must be observed before anything is repeated. */
    default boolean mayHaveRun() {
        return switch (this) {
            case TimedOut t -> t.during() == During.COMMAND;
            case ConnectionLost l -> l.during() == During.COMMAND;
            case Unreachable u -> false;
            case HostKeyChanged c -> false;
            case HostKeyUnknown u -> false;
            case AuthenticationFailed a -> false;
        };
    }

    /** How far it had come. */
    enum During {
        QUEUE("waiting for a free connection"),
        CONNECT("connecting"),
        HANDSHAKE("agreeing on keys"),
        AUTHENTICATION("authenticating"),
        CHANNEL("opening a channel"),
        COMMAND("running a command");

        private final String doing;

        During(String doing) {
            this.doing = doing;
        }

        String doing() {
            return doing;
        }
    }
}
