package dev.interlock.platform.ssh;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect to and as whom.
 *
 * @param address host name or IP address
 * @param credential name for {@link dev.interlock.platform.credentials.Credentials}
 * @param hostKey the pinned public key as OpenSSH writes it, {@code ssh-ed25519 AAAA…} (a comment may follow); null if none is
 *     pinned yet, which refuses the connection with {@link SshFailure.HostKeyUnknown}
 */
public record SshTarget(
        UUID hostId,
        String address,
        int port,
        String user,
        String credential,
        @Nullable String hostKey) {

    public SshTarget {
        if (address.isBlank()) {
            throw new IllegalArgumentException("an SSH target has an address");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }
}
