package dev.interlock.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** A real SSH server whose commands are run by the real {@code /bin/sh}; rpm, systemctl, date and others are files that say what this host has. */
final class ShellHost implements AutoCloseable {

    /** What becomes of a command. */
    enum Behaviour {
        HEALTHY,
        /** Never answers. */
        HANG,
        /** Closes the connection in mid-command. */
        DROP,
        /** Answers something else than a shell does. */
        GARBAGE
    }

    private final Path programs;
    private final KeyPair client;
    private final int port;
    private SshServer server;
    private KeyPair hostKey = newKey();
    volatile Behaviour behaviour = Behaviour.HEALTHY;
    final AtomicInteger commands = new AtomicInteger();
    final AtomicInteger logins = new AtomicInteger();

    ShellHost(Path directory, KeyPair client) throws IOException {
        this.programs = Files.createDirectories(directory.resolve("bin"));
        this.client = client;
        this.server = listen(0);
        this.port = server.getPort();
        has("1.4.0");
        clock(Duration.ZERO);
        program("dnf", "echo 'Error: No matching Packages to list' >&2; exit 1");
        program(
                "ss",
                "echo 'State Recv-Q Send-Q Local Peer'; echo 'LISTEN 0 9 *:8080 *:*'; echo 'LISTEN 0 9 *:4822 *:*'");
    }

    static KeyPair newKey() {
        try {
            return KeyUtils.generateKeyPair("ssh-ed25519", 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stores the private half as the credential {@code fleet}. */
    static void store(KeyPair client, Path credentials) throws IOException {
        var file = Files.createFile(
                credentials.resolve("fleet.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(client, "test", null, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private SshServer listen(int port) throws IOException {
        var listening = SshServer.setUpDefaultServer();
        listening.setHost("127.0.0.1");
        listening.setPort(port);
        listening.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        listening.setPublickeyAuthenticator((user, key, session) -> {
            boolean right = KeyUtils.compareKeys(key, client.getPublic());
            if (right) {
                logins.incrementAndGet();
            }
            return right;
        });
        listening.setCommandFactory((channel, line) -> new ShellCommand(line));
        listening.start();
        return listening;
    }

    int port() {
        return port;
    }

    String publicKey() {
        return PublicKeyEntry.toString(hostKey.getPublic());
    }

    /** Keeper in this version, with its standalone service. */
    void has(String version) throws IOException {
        program(
                "rpm",
                "echo 'kcm-guacamole " + version + "-1.el9'; echo 'kcm-guacd " + version
                        + "-1.el9'; echo 'bash 5.1-1'");
        program(
                "systemctl",
                "printf 'Id=guacamole.service\\nLoadState=loaded\\nActiveState=active\\n\\n"
                        + "Id=guacd.service\\nLoadState=loaded\\nActiveState=active\\n'");
    }

    /** IGEL UMS with these services; {@code sudo} is there for machines on which tests are not root. */
    void hasUms(String version, String... units) throws IOException {
        program("rpm", "echo 'igel-ums " + version + "-1'");
        var shown = new StringBuilder();
        for (var unit : units) {
            shown.append("Id=").append(unit).append(".service\\nLoadState=loaded\\nActiveState=active\\n\\n");
        }
        program("systemctl", "printf '" + shown + "'");
        program("sudo", "shift; exec \"$@\"");
    }

    /** What {@code umsadmin-cli} lists, line by line; without {@code network} it does not know that command. */
    void registered(String servers, @Nullable String network) throws IOException {
        program("umsadmin-cli", """
                case "$3 $4" in
                'web-certs list-assigned-server') printf '%%s\\n' '%s' ;;
                %s*) echo "unknown command $3"; exit 2 ;;
                esac""".formatted(
                servers.strip().replace("\n", "' '"),
                network == null
                        ? ""
                        : "'network list') printf '%s\\n' '" + network.strip().replace("\n", "' '") + "' ;;\n"));
    }

    void clock(Duration ahead) throws IOException {
        program("date", "exec /bin/date -d '" + ahead.toSeconds() + " seconds' \"$@\"");
    }

    void program(String name, String script) throws IOException {
        var file = programs.resolve(name + ".new");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(file, programs.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    void stop() throws IOException {
        server.stop(true);
    }

    void start() throws IOException {
        server = listen(port);
    }

    /** As a reinstalled host, or another one at the same address. */
    void changeKey() throws IOException {
        stop();
        hostKey = newKey();
        start();
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    private final class ShellCommand implements Command {
        private final String line;
        private @Nullable OutputStream out;
        private @Nullable ExitCallback exit;
        private @Nullable Process process;

        ShellCommand(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream in) {}

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {}

        @Override
        public void setExitCallback(ExitCallback callback) {
            this.exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            commands.incrementAndGet();
            var answer = out;
            var end = exit;
            if (answer == null || end == null) {
                throw new IOException("not wired");
            }
            switch (behaviour) {
                case HANG -> {}
                case DROP -> channel.getSession().close(true);
                case GARBAGE -> {
                    answer.write("This account is currently not available.\n".getBytes(StandardCharsets.UTF_8));
                    answer.flush();
                    end.onExit(1);
                }
                case HEALTHY -> {
                    var builder = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true);
                    builder.environment().clear();
                    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
                    var running = builder.start();
                    running.getOutputStream().close();
                    process = running;
                    Thread.startVirtualThread(() -> {
                        try (var from = running.getInputStream()) {
                            from.transferTo(answer);
                            answer.flush();
                            end.onExit(running.waitFor());
                        } catch (IOException gone) {
                            running.destroyForcibly();
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            var running = process;
            if (running != null) {
                running.destroyForcibly();
            }
        }
    }
}
