package dev.interlock.license.app;

import dev.interlock.license.app.ServerIdentities.Identity;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Rejection;
import java.time.Instant;
import java.util.UUID;

/** The files that are carried between a native license server and an authority; docs/offline-activation.md has their format. */
public interface CapabilityFiles {
    /** Larger ones are not read. */
    int LARGEST = 64 * 1024;

    /** @param contents for a person (L22) */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record RequestFile(byte[] bytes, String contents) {}

    RequestFile request(
            Identity identity, LicenseServer server, UUID id, ActivationCode code, int total, Instant madeAt);

    Reading read(byte[] response);

    /** What a file turned out to be. */
    sealed interface Reading {
        /** Signed by an authority that is trusted, and as it was signed. */
        record Understood(CapabilityResponse response) implements Reading {}

        record Unreadable(Rejection rejection) implements Reading {}
    }
}
