package dev.interlock.platform.ssh;

import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Accepts the pinned key, byte for byte, and nothing else; remembers what was shown. */
final class PinnedKey implements HostKeyVerifier {

    private final @Nullable String pinned;
    private volatile @Nullable SshFailure verdict;

    PinnedKey(@Nullable String pinned) {
        this.pinned = pinned == null ? null : HostKeys.normalise(pinned).orElse(pinned);
    }

    /** Why the host was turned away; null if it was not, or not yet asked. */
    @Nullable
    SshFailure verdict() {
        return verdict;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        var presented = KeyType.fromKey(key) + " "
                + Base64.getEncoder()
                        .encodeToString(
                                new Buffer.PlainBuffer().putPublicKey(key).getCompactData());
        if (pinned == null) {
            verdict = new SshFailure.HostKeyUnknown(presented);
            return false;
        }
        if (!pinned.equals(presented)) {
            verdict = new SshFailure.HostKeyChanged(pinned, presented);
            return false;
        }
        return true;
    }

    /** Asks for the pinned kind of key first, else a host with several keys would show another one and look changed. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        return pinned == null ? List.of() : WiringConfig.offers(pinned.substring(0, Math.max(0, pinned.indexOf(' '))));
    }
}
