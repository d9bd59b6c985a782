package dev.interlock.siem.syslog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real rsyslogd with a configuration and a folder of its own, as our child; never the machine's service. */
public final class Rsyslog implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/rsyslogd");

    private final Path folder;
    private final Path configuration;
    private @Nullable Process process;

    private Rsyslog(Path folder, Path configuration) {
        this.folder = folder;
        this.configuration = configuration;
    }

    /** Why it cannot be used here; null if it can. */
    public static @Nullable String missing(boolean tls) {
        if (!Files.isExecutable(PROGRAM)) {
            return "rsyslogd is not installed (Debian: apt-get install rsyslog rsyslog-gnutls)";
        }
        if (tls) {
            try (var modules =
                    Files.find(Path.of("/usr/lib"), 4, (file, attributes) -> file.endsWith("lmnsd_gtls.so"))) {
                return modules.findAny().isPresent()
                        ? null
                        : "rsyslog cannot do TLS here (Debian: apt-get install rsyslog-gnutls)";
            } catch (IOException | UncheckedIOException e) {
                return "rsyslog's modules cannot be listed: " + e.getMessage();
            }
        }
        return null;
    }

    /** Makes its configuration; it is not started. With certificates it speaks TLS. */
    public static Rsyslog on(Path folder, int port, @Nullable Certificates certificates) throws IOException {
        Files.createDirectories(folder.resolve("work"));
        var tls = certificates != null;
        var text = "global(workDirectory=\"" + folder.resolve("work") + "\" maxMessageSize=\"64k\""
                + (certificates == null
                        ? ""
                        : " defaultNetstreamDriver=\"gtls\" defaultNetstreamDriverCAFile=\"" + certificates.ca()
                                + "\" defaultNetstreamDriverCertFile=\"" + certificates.certificate()
                                + "\" defaultNetstreamDriverKeyFile=\"" + certificates.key() + "\"")
                + ")\n"
                + "module(load=\"imtcp\""
                + (tls ? " streamDriver.name=\"gtls\" streamDriver.mode=\"1\" streamDriver.authMode=\"anon\"" : "")
                + ")\n"
                + "template(name=\"line\" type=\"string\" string=\"%structured-data% %msgid% %syslogseverity% %app-name% %timereported:::date-rfc3339% %msg%\\n\")\n"
                + "ruleset(name=\"in\") { action(type=\"omfile\" file=\"" + folder.resolve("received.log")
                + "\" template=\"line\") }\n"
                + "input(type=\"imtcp\" address=\"127.0.0.1\" port=\"" + port + "\" ruleset=\"in\")\n";
        var configuration = folder.resolve("rsyslog.conf");
        Files.writeString(configuration, text);
        return new Rsyslog(folder, configuration);
    }

    /**
     * What TLS wants, as PEM files.
     *
     * @param ca of the authority that signed the certificate
     */
    public record Certificates(Path ca, Path certificate, Path key) {

        /** Signed by itself, for one address. */
        public static Certificates forAddress(Path folder, String address) throws IOException, InterruptedException {
            Files.createDirectories(folder);
            var certificate = folder.resolve("certificate.pem");
            var key = folder.resolve("key.pem");
            var made = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-days",
                            "2",
                            "-subj",
                            "/CN=interlock test",
                            "-addext",
                            "subjectAltName=IP:" + address,
                            "-keyout",
                            key.toString(),
                            "-out",
                            certificate.toString())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (made.waitFor() != 0) {
                throw new IOException("openssl: " + said);
            }
            return new Certificates(certificate, certificate, key);
        }
    }

    public Path received() {
        return folder.resolve("received.log");
    }

    public void start() throws IOException {
        process = new ProcessBuilder(List.of(
                        PROGRAM.toString(),
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        folder.resolve("rsyslogd.pid").toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("rsyslogd.log").toFile()))
                .start();
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** SIGTERM, as an administrator stops it. */
    public void stop() throws InterruptedException {
        process().destroy();
        if (!process().waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("rsyslogd does not end");
        }
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
        // the next one takes the file for a living process's
        folder.resolve("rsyslogd.pid").toFile().delete();
    }

    /** SIGSTOP: it lives, and reads nothing. */
    public void freeze() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process().pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
