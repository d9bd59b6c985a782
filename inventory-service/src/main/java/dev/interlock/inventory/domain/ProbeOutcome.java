package dev.interlock.inventory.domain;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** How a probe ended. */
public sealed interface ProbeOutcome {

    /**
     * The host was read.
     *
     * @param updates pending updates by package (K3); null if they were not asked for or could not be read
     * @param registrations null where the host is no server whose product keeps a list (G2)
     */
    record Read(
            Facts facts,
            Gauges gauges,
            @Nullable SortedMap<String, String> updates,
            @Nullable Registrations registrations)
            implements ProbeOutcome {

        public Read(Facts facts, Gauges gauges, @Nullable SortedMap<String, String> updates) {
            this(facts, gauges, updates, null);
        }
    }

    /** No key is pinned: nothing was sent to the host. */
    record KeyUnknown(HostKey presented) implements ProbeOutcome {}

    /** The host shows another key than the pinned one: nothing was sent to the host. */
    record KeyChanged(HostKey presented) implements ProbeOutcome {}

    /** The host was not read. */
    record Failed(Reason reason, String detail) implements ProbeOutcome {}

    /** Why a host was not read; the names are those of the event. */
    enum Reason {
        REFUSED("refused", "Check that sshd runs there and that the port is right.", true),
        UNREACHABLE("unreachable", "Check the address, the host's power and the network between.", true),
        TIMED_OUT("timed-out", "Check the host's load and the firewalls between.", true),
        CONNECTION_LOST("connection-lost", "Check whether the host restarts or the network drops connections.", true),
        AUTHENTICATION_FAILED(
                "authentication-failed",
                "Check user and credential, put the public key on the host, then ask for a probe.",
                false),
        CREDENTIAL_MISSING(
                "credential-missing", "Store the credential under this name, or give the host another.", false),
        COMMAND_FAILED(
                "command-failed", "Log in by hand and look at what the account's shell answers to a command.", true);

        private final String slug;
        private final String next;
        private final boolean worthAnotherTry;

        Reason(String slug, String next, boolean worthAnotherTry) {
            this.slug = slug;
            this.next = next;
            this.worthAnotherTry = worthAnotherTry;
        }

        public String slug() {
            return slug;
        }

        public String next() {
            return next;
        }

        /** Whether a second try at once may go better; never so for what could lock an account (L43). */
        public boolean worthAnotherTry() {
            return worthAnotherTry;
        }
    }
}
