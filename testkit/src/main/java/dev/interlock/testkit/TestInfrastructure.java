package dev.interlock.testkit;

import dev.interlock.embedded.EmbeddedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL and Kafka that all tests of one JVM share, started at first use.
 *
 * <p>{@code -Dinterlock.tests=docker|embedded|auto}: in Docker containers, as programs of this machine, or (the
 * default) in Docker where it is there. Tests that stop a server use a {@link PrivateInfrastructure} instead.
 */
public final class TestInfrastructure {
    private static @Nullable Infrastructure shared;

    private TestInfrastructure() {}

    public static synchronized Infrastructure get() {
        var started = shared;
        if (started == null) {
            started = useDocker() ? DockerInfrastructure.start() : PrivateInfrastructure.startUntilTheEnd();
            shared = started;
        }
        return started;
    }

    public static String jdbcUrl(String database) {
        return get().jdbcUrl(database);
    }

    public static String bootstrapServers() {
        return get().bootstrapServers();
    }

    private static boolean useDocker() {
        var wish = System.getProperty("interlock.tests", "auto");
        return switch (wish.toLowerCase(Locale.ROOT)) {
            case "embedded" -> false;
            case "docker" -> {
                if (!dockerIsThere()) {
                    throw new EmbeddedException("The tests were told to use Docker (-Dinterlock.tests=docker), but no"
                            + " Docker answers: DOCKER_HOST is " + System.getenv("DOCKER_HOST") + ", and nobody"
                            + " listens on /var/run/docker.sock. Start Docker, or use --embedded.");
                }
                yield true;
            }
            case "auto" -> dockerIsThere();
            default ->
                throw new IllegalArgumentException(
                        "-Dinterlock.tests must be docker, embedded or auto, not '" + wish + "'");
        };
    }

    /** Asks the socket itself: Testcontainers' own question takes 0.6 s and logs an error where there is no Docker. */
    static boolean dockerIsThere() {
        var host = System.getenv("DOCKER_HOST");
        if (host != null && !host.isBlank()) {
            return true;
        }
        var home = Path.of(System.getProperty("user.home"));
        for (var socket : new Path[] {
            Path.of("/var/run/docker.sock"),
            home.resolve(".docker/run/docker.sock"),
            home.resolve(".docker/desktop/docker.sock")
        }) {
            if (listens(socket)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listens(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (java.io.IOException nobody) {
            return false;
        }
    }
}
