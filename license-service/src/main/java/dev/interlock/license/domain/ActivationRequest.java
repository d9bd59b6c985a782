package dev.interlock.license.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A server's request for a total of a purchase, on its way to an authority or to the vendor's portal (L21).
 *
 * @param total wanted for the code on this server: always explicit, never an addition (L14, L16)
 * @param sequence rises with each request of a server
 * @param machineId the VM UUID to which the answer will be bound (L25)
 * @param sha256 of the file, in hex
 * @param contents of the file, as a person reads it (L22)
 * @param responseSha256 of the answer that was taken in; null while there is none
 * @param responseExpiresAt the first instant at which that answer is refused
 * @param closedAt when it was applied or superseded
 */
public record ActivationRequest(
        UUID id,
        ServerId server,
        ActivationCode code,
        int total,
        long sequence,
        String machineId,
        String sha256,
        String contents,
        Instant madeAt,
        String madeBy,
        State state,
        @Nullable String responseSha256,
        @Nullable Instant responseExpiresAt,
        @Nullable Instant closedAt,
        @Nullable String closedBy) {

    /** How far it has come. The names are stored. */
    public enum State {
        OPEN("open"),
        /** An answer that fits was taken in. */
        ANSWERED("answered"),
        /** A server of its own is being given the answer; after a crash it is looked at before anything is done again. */
        APPLYING("applying"),
        APPLIED("applied"),
        /** A newer request for the same code on the same server took its place. */
        SUPERSEDED("superseded");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public static State ofWireName(String name) {
            for (State state : values()) {
                if (state.wireName.equals(name)) {
                    return state;
                }
            }
            throw new IllegalArgumentException("no state of a request is called " + name);
        }
    }
}
