package dev.interlock.platform.health;

import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.reactivestreams.Publisher;

/** Ready only if the database answers a query on a connection of the pool that requests use. */
@Singleton
@Readiness
@Requires(beans = DataSource.class)
final class DatabaseHealth implements HealthIndicator {

    private final Question question;

    DatabaseHealth(DataSource pool, HealthSettings settings) {
        var source = DelegatingDataSource.unwrapDataSource(pool);
        int seconds = (int) Math.max(1, settings.timeout().toSeconds());
        this.question = new Question("database", settings, () -> ask(source, seconds));
    }

    private static Map<String, Object> ask(DataSource source, int seconds) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.setQueryTimeout(seconds);
            try (var rows = statement.executeQuery("SELECT current_setting('server_version')")) {
                return rows.next() ? Map.of("version", rows.getString(1)) : Map.of();
            }
        }
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return question.answer();
    }
}
