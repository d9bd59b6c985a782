package dev.interlock.platform.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.interlock.platform.service.alpha.Alpha;
import dev.interlock.platform.service.beta.Beta;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceRunnerTest {

    @Test
    void twoServicesInOneJvmSeeOnlyTheirOwnBeansPropertiesAndTables() {
        try (var alpha = start("alpha", Map.of());
                var beta = start("beta", Map.of())) {
            assertThat(alpha.getBean(Alpha.class).color()).isEqualTo("red");
            assertThat(beta.getBean(Beta.class).color()).isEqualTo("blue");
            assertThat(alpha.findBean(Beta.class)).isEmpty();
            assertThat(beta.findBean(Alpha.class)).isEmpty();
            assertThat(exists(alpha, "alpha_only")).isTrue();
            assertThat(exists(alpha, "beta_only")).isFalse();
            assertThat(exists(alpha, "outbox")).isTrue();
            assertThat(exists(beta, "beta_only")).isTrue();
            assertThat(alpha.getProperty("interlock.topics.partitions", Integer.class))
                    .contains(3);
        }
    }

    @Test
    void aTakenPortIsOneSentenceThatNamesIt() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var failure = failure("alpha", Map.of("micronaut.server.port", taken.getLocalPort()));
            assertThat(failure.reason()).isEqualTo(StartFailure.Reason.PORT_TAKEN);
            assertThat(failure)
                    .hasMessage("alpha cannot start: port " + taken.getLocalPort() + " is in use by another process."
                            + " Stop that process, or choose another port with micronaut.server.port.");
        }
    }

    @Test
    void aDatabaseThatCannotBeReachedIsSaidAfterTheConfiguredWait() {
        var failure = failure(
                "alpha",
                Map.of(
                        "datasources.default.url", "jdbc:postgresql://127.0.0.1:1/nowhere?password=hunter2",
                        "interlock.start.database-wait", "1s"));
        assertThat(failure.reason()).isEqualTo(StartFailure.Reason.DATABASE_UNREACHABLE);
        assertThat(failure.getMessage())
                .startsWith("Cannot reach the database at jdbc:postgresql://127.0.0.1:1/nowhere within 1 s")
                .doesNotContain("hunter2");
    }

    @Test
    void aWrongDatabasePasswordIsSaidAtOnce() {
        var url = TestInfrastructure.jdbcUrl("postgres").replaceAll("/postgres", "/no_such_database");
        var failure = failure("alpha", Map.of("datasources.default.url", url, "interlock.start.database-wait", "10m"));
        assertThat(failure.reason()).isEqualTo(StartFailure.Reason.DATABASE_UNREACHABLE);
    }

    @Test
    void aMigrationThatFailsIsSaid() {
        var failure = failure("broken", Map.of());
        assertThat(failure.reason()).isEqualTo(StartFailure.Reason.MIGRATION_FAILED);
        assertThat(failure.getMessage()).contains("no_such_type").doesNotContain("\n");
    }

    @Test
    void aListenerThatCouldSkipRecordsKeepsItsServiceFromStarting() {
        var failure = failure("beta", Map.of("beta.skipping", true));
        assertThat(failure.reason()).isEqualTo(StartFailure.Reason.LISTENER_COULD_SKIP);
        assertThat(failure.getMessage()).contains("SkippingListener.receive").contains("@EventsListener");
    }

    private static StartFailure failure(String service, Map<String, Object> overrides) {
        return catchThrowableOfType(
                StartFailure.class, () -> start(service, overrides).close());
    }

    private static ApplicationContext start(String service, Map<String, Object> overrides) {
        var properties = new HashMap<String, Object>(ServiceUnderTest.properties(service));
        properties.putAll(overrides);
        return ServiceRunner.start(service, ServiceRunnerTest.class, properties);
    }

    @SuppressWarnings("unchecked")
    private static boolean exists(ApplicationContext service, String table) {
        TransactionOperations<Connection> transactions = service.getBean(TransactionOperations.class);
        return transactions.executeRead(status -> {
            try (var select = status.getConnection().prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
                select.setString(1, table);
                var row = select.executeQuery();
                row.next();
                return row.getBoolean(1);
            }
        });
    }
}
