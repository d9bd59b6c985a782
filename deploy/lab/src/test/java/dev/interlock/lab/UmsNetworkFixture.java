package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.PrivateInfrastructure;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A UMS High Availability network of three servers on a real PostgreSQL. Each test has a network of its own, each class a
 * database that was empty when it began.
 */
@ExtendWith(SharedPostgres.class)
abstract class UmsNetworkFixture {
    static final String CLI = "umsadmin-cli --machine-readable --no-header ";
    static final String STATUS = "curl -sk https://127.0.0.1:8443/umsapi/v3/serverstatus";
    static final String CHECK = "curl -sk https://127.0.0.1:8443/ums/check-status";
    static PrivateInfrastructure infrastructure;

    Lab lab;
    List<LabHost> servers;

    @BeforeAll
    static void emptyDatabase(PrivateInfrastructure shared) throws SQLException {
        infrastructure = shared;
        try (var connection =
                        DriverManager.getConnection(shared.jdbcUrl("postgres"), shared.username(), shared.password());
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists umslab with (force)");
        }
    }

    @BeforeEach
    void start() {
        lab = Lab.builder()
                .timeScale(50)
                .umsDatabase(infrastructure.jdbcUrl("umslab"), infrastructure.username(), infrastructure.password())
                .start();
        servers = lab.addUms("ums", 3, 0, 0);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    static String install(String type) {
        return "cd /root && ./setup-igel-ums-linux_12.05.100.bin --nox11 -- --accept-eula yes --silent yes"
                + " --installation-type " + type;
    }

    static Output install(LabHost host) {
        return host.console(install("ha-server"));
    }

    static void awaitNormal(LabHost host, String version) {
        await().untilAsserted(() -> assertThat(host.console(STATUS).out())
                .contains("\"rmGuiServerVersion\":\"" + version + "\"")
                .contains("\"mode\":\"normal\""));
    }

    long all(Kind kind) {
        return lab.effects().stream().filter(e -> e.kind() == kind).count();
    }

    static String inDatabase(String sql) {
        try (var connection = DriverManager.getConnection(
                        infrastructure.jdbcUrl("umslab"), infrastructure.username(), infrastructure.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String schema() {
        return inDatabase("select version || ' ' || renewals from ums.schema_info");
    }
}
