package dev.interlock.platform.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** A real SSH server in this process; its commands are run by the real /bin/sh in an empty environment. */
final class SshHost implements AutoCloseable {

    final SshServer server = SshServer.setUpDefaultServer();
    final KeyPair key;
    final AtomicInteger passwordTries = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicInteger channels = new AtomicInteger();
    volatile String password = "open sesame";

    SshHost(String keyType, @Nullable KeyPair client) throws IOException {
        this(List.of(newKey(keyType)), client);
    }

    SshHost(List<KeyPair> hostKeys, @Nullable KeyPair client) throws IOException {
        this.key = hostKeys.getLast();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        server.setPublickeyAuthenticator((user, shown, session) -> client != null && shown.equals(client.getPublic()));
        server.setPasswordAuthenticator((user, shown, session) -> {
            passwordTries.incrementAndGet();
            return shown.equals(password);
        });
        server.setCommandFactory((channel, line) -> new ShellCommand(line));
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, 1000);
        CoreModuleProperties.NIO_WORKERS.set(server, 2);
        server.start();
    }

    /** As MaxSessions of sshd does: one more channel is refused, the connection goes on. */
    void allowChannels(int most) {
        server.setChannelFactories(List.of(new ChannelSessionFactory() {
            @Override
            public Channel createChannel(Session session) {
                return new ChannelSession() {
                    @Override
                    protected OpenFuture doInit(Buffer buffer) {
                        if (channels.incrementAndGet() <= most) {
                            addCloseFutureListener(closed -> channels.decrementAndGet());
                            return super.doInit(buffer);
                        }
                        channels.decrementAndGet();
                        var refused = new DefaultOpenFuture(this, futureLock);
                        refused.setException(new SshChannelOpenException(getChannelId(), 2, "open failed"));
                        return refused;
                    }
                };
            }
        }));
    }

    int port() {
        return server.getPort();
    }

    static KeyPair newKey(String type) {
        try {
            return switch (type) {
                case "ssh-ed25519" -> KeyUtils.generateKeyPair("ssh-ed25519", 256);
                case "ssh-rsa" -> {
                    var generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                    yield generator.generateKeyPair();
                }
                default -> {
                    var generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                    yield generator.generateKeyPair();
                }
            };
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String publicKey() {
        return line(key);
    }

    static String line(KeyPair pair) {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    private final class ShellCommand implements Command {
        private final String line;
        private final List<Thread> pumps = new ArrayList<>();
        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private @Nullable OutputStream err;
        private @Nullable ExitCallback callback;
        private @Nullable Process process;

        ShellCommand(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream in) {
            this.in = in;
        }

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            this.err = err;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            this.callback = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            var builder = new ProcessBuilder("/bin/sh", "-c", line);
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin");
            var started = builder.start();
            process = started;
            var input = in;
            var output = out;
            var errors = err;
            var exit = callback;
            if (input == null || output == null || errors == null || exit == null) {
                throw new IOException("not wired");
            }
            Thread.startVirtualThread(() -> pump(input, started.getOutputStream(), true));
            pumps.add(Thread.startVirtualThread(() -> pump(started.getInputStream(), output, false)));
            pumps.add(Thread.startVirtualThread(() -> pump(started.getErrorStream(), errors, false)));
            Thread.startVirtualThread(() -> {
                try {
                    int status = started.waitFor();
                    for (var pump : pumps) {
                        pump.join();
                    }
                    running.decrementAndGet();
                    exit.onExit(status);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void destroy(ChannelSession channel) throws Exception {
            var started = process;
            if (started != null && started.isAlive()) {
                started.descendants().forEach(ProcessHandle::destroyForcibly);
                var ignored = started.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        }

        private static void pump(InputStream from, OutputStream to, boolean close) {
            try {
                var buffer = new byte[8192];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException gone) {
                // the other side has hung up
            } finally {
                if (close) {
                    try {
                        to.close();
                    } catch (IOException gone) {
                        // it was closed already
                    }
                }
            }
        }
    }
}
