package dev.interlock.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/** Looks at a host over SSH without any of the product's own code: a witness of the product's work. */
final class HostEye {
    private HostEye() {}

    /** What the script printed. */
    static String look(String address, int port, String hostKey, String user, Path key, String script) {
        try (var ssh = new SSHClient(new DefaultConfig())) {
            ssh.setConnectTimeout(10_000);
            ssh.setTimeout(20_000);
            ssh.addHostKeyVerifier(pinned(hostKey));
            ssh.connect(address, port);
            ssh.authPublickey(user, key.toString());
            try (var session = ssh.startSession();
                    var command = session.exec(script)) {
                var said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                command.join(20, TimeUnit.SECONDS);
                return said;
            }
        } catch (IOException | SSHRuntimeException e) {
            return "no answer over SSH: " + e.getMessage();
        }
    }

    private static HostKeyVerifier pinned(String hostKey) {
        return new HostKeyVerifier() {
            @Override
            public boolean verify(String host, int port, java.security.PublicKey presented) {
                var wire = new Buffer.PlainBuffer().putPublicKey(presented).getCompactData();
                return Base64.getEncoder().encodeToString(wire).equals(hostKey.split(" ", -1)[1]);
            }

            @Override
            public java.util.List<String> findExistingAlgorithms(String host, int port) {
                return java.util.List.of();
            }
        };
    }
}
