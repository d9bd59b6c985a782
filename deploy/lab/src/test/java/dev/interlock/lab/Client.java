package dev.interlock.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** An SSH client as Interlock has one: pinned host key, time limits. */
final class Client implements AutoCloseable {
    private final SSHClient ssh = new SSHClient();

    /** What a command answered. */
    record Answer(@Nullable Integer exit, String out, String err) {}

    static Client of(Lab lab, LabHost host) throws IOException {
        return of(lab, host, Lab.USER, 5000);
    }

    static Client of(Lab lab, LabHost host, String user, int millis) throws IOException {
        var client = new Client();
        try {
            client.ssh.setConnectTimeout(millis);
            client.ssh.setTimeout(millis);
            client.ssh.addHostKeyVerifier(pinned(host));
            client.ssh.connect(host.address(), host.port());
            client.ssh.authPublickey(
                    user, lab.credentials().resolve(lab.credential() + ".key").toString());
            return client;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static HostKeyVerifier pinned(LabHost host) {
        return new HostKeyVerifier() {
            @Override
            public boolean verify(String hostname, int port, PublicKey key) {
                return host.hostKey()
                        .equals("ssh-ed25519 "
                                + Base64.getEncoder()
                                        .encodeToString(new Buffer.PlainBuffer()
                                                .putPublicKey(key)
                                                .getCompactData()));
            }

            @Override
            public List<String> findExistingAlgorithms(String hostname, int port) {
                return List.of("ssh-ed25519");
            }
        };
    }

    Answer run(String script) throws IOException {
        return run(script, 20);
    }

    Answer run(String script, int seconds) throws IOException {
        try (Session session = ssh.startSession()) {
            Session.Command command = session.exec(script);
            String out = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(command.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            command.join(seconds, TimeUnit.SECONDS);
            return new Answer(command.getExitStatus(), out, err);
        }
    }

    @Override
    public void close() throws IOException {
        ssh.close();
    }
}
