package dev.interlock.platform.service;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the database to this version before anything uses it: first the platform's tables ({@code db/platform}, history in
 * {@code flyway_platform}), then the service's ({@code db/<service>}, history in {@code flyway_schema_history}). Two
 * histories, so that each numbers its migrations by itself.
 */
@Singleton
final class Migrations implements BeanCreatedEventListener<DataSource> {

    private final String service;

    Migrations(@Property(name = "interlock.service", defaultValue = "") String service) {
        this.service = service;
    }

    @Override
    public DataSource onCreated(BeanCreatedEvent<DataSource> event) {
        var database = DelegatingDataSource.unwrapDataSource(event.getBean());
        migrate(database, "platform", "flyway_platform");
        if (!service.isEmpty()) {
            migrate(database, service, "flyway_schema_history");
        }
        return event.getBean();
    }

    private static void migrate(DataSource database, String folder, String history) {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/" + folder)
                .table(history)
                // the other history's tables are there already
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholderReplacement(false)
                .load()
                .migrate();
    }
}
