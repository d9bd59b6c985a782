package dev.interlock.license.app;

import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.HealthReading;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LogReading;
import java.util.List;
import java.util.Optional;

/** License servers that count for themselves: read by their REST API, driven over SSH. Each method may throw {@link ServerTrouble}. */
public interface FlexnetServers {
    /** So many licences of a feature are there, so many of them are used. */
    record Feature(String name, int count, int used, String expires) {}

    /** @param requestHostId the VM UUID in it */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Written(byte[] file, String contents, String requestHostId) {}

    /** What became of an answer that the server was given. */
    sealed interface Processing {
        record Processed() implements Processing {}

        /** It had been given it before. */
        record ProcessedBefore() implements Processing {}

        record Refused(String text) implements Processing {}
    }

    /** Needs no password. */
    HealthReading health(LicenseServer server);

    /** What its machine says; empty when it has no host in the inventory. Needs no administrator's password. */
    Optional<LogReading> log(LicenseServer server);

    List<Feature> features(LicenseServer server);

    /** Its VM UUID. */
    String machineId(LicenseServer server);

    /** {@code pcoip-activate-offline-license -g -a <code> -c <total>} (L21). */
    Written request(LicenseServer server, ActivationCode code, int total);

    /** {@code pcoip-activate-offline-license -v <file>} (L26). */
    Reading read(LicenseServer server, byte[] response);

    /** {@code pcoip-activate-offline-license -r <file>} (L27). */
    Processing process(LicenseServer server, byte[] response);

    /** What the vendor's rules find wrong with the password that is kept for it (L39), without saying any of it. */
    List<String> passwordFlaws(LicenseServer server);

    /** Whether its administrator's password is the one of every new installation (L40), by what it was last let in with. */
    boolean letInWithInitialPassword(LicenseServer server);
}
