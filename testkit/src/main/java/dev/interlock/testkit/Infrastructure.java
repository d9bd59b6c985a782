package dev.interlock.testkit;

/** A PostgreSQL and a Kafka to run against. */
public interface Infrastructure {
    /** Of the database, which is made if missing; lower-case letters, digits and {@code _}. */
    String jdbcUrl(String database);

    String username();

    String password();

    String bootstrapServers();
}
