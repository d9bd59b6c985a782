package dev.interlock.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    @Test
    void committedDataOutlivesAPowerCut() throws Exception {
        var options = new EmbeddedPostgres.Options(folder.resolve("data"), 0, true, "secret", 20);
        try (var postgres = EmbeddedPostgres.start(options)) {
            postgres.createDatabase("kept");
            try (var connection =
                    DriverManager.getConnection(postgres.jdbcUrl("kept"), EmbeddedPostgres.USER, "secret")) {
                connection.createStatement().execute("create table t as select 7 as seven");
            }
            postgres.kill();
        }
        try (var again = EmbeddedPostgres.start(options);
                var connection = DriverManager.getConnection(again.jdbcUrl("kept"), EmbeddedPostgres.USER, "secret");
                var result =
                        connection.createStatement().executeQuery("select seven, current_setting('fsync') from t")) {
            result.next();
            assertThat(result.getInt(1)).isEqualTo(7);
            assertThat(result.getString(2)).isEqualTo("on");
        }
        assertThat(EmbeddedPostgres.serverOf(folder.resolve("data"))).isEmpty();
    }

    @Test
    void aWrongPasswordIsRefusedWithASentence() {
        var options = EmbeddedPostgres.Options.throwAway(folder.resolve("data"));
        EmbeddedPostgres.start(options).close();
        assertThatThrownBy(() ->
                        EmbeddedPostgres.start(new EmbeddedPostgres.Options(options.data(), 0, false, "another", 20)))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("does not know the password");
    }

    @Test
    void aFolderInUseAndATakenPortAreNamed() throws Exception {
        var options = EmbeddedPostgres.Options.throwAway(folder.resolve("data"));
        try (var postgres = EmbeddedPostgres.start(options)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(options))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
            assertThat(postgres.isRunning()).isTrue();
        }
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(options.onPort(taken.getLocalPort())))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
    }

    @Test
    void aServerLeftBehindByAKilledJvmIsStoppedByTheNextStart() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedInfrastructure.class.getName(),
                        "--data",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long orphan;
        try (var said = child.inputReader()) {
            String line = said.readLine();
            while (line != null && !line.startsWith("ready ")) {
                line = said.readLine();
            }
            assertThat(line).startsWith("ready postgres=");
            orphan = EmbeddedPostgres.serverOf(folder.resolve("postgres"))
                    .orElseThrow()
                    .pid();
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(ProcessHandle.of(orphan)).isPresent();

        try (var postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.throwAway(folder.resolve("postgres")))) {
            assertThat(ProcessHandle.of(orphan)).isEmpty();
            assertThat(postgres.isRunning()).isTrue();
        }
    }

    @Test
    void halfAFolderOfAnInterruptedFirstStartIsMadeAnew() throws Exception {
        Files.createDirectories(folder.resolve("data/base"));
        try (var postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.throwAway(folder.resolve("data")))) {
            assertThat(postgres.isRunning()).isTrue();
        }
    }
}
