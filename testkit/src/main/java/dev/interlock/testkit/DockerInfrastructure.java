package dev.interlock.testkit;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The same versions as the embedded servers, in containers that Testcontainers removes after the JVM's end. */
final class DockerInfrastructure implements Infrastructure {
    private static final String POSTGRES_IMAGE = "postgres:17-alpine";
    private static final String KAFKA_IMAGE = "apache/kafka:4.2.0";

    private final PostgreSQLContainer postgres;
    private final KafkaContainer kafka;

    private DockerInfrastructure(PostgreSQLContainer postgres, KafkaContainer kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    static DockerInfrastructure start() {
        var postgres = new PostgreSQLContainer(POSTGRES_IMAGE)
                .withUsername("interlock")
                .withPassword("interlock")
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        var kafka = new KafkaContainer(KAFKA_IMAGE)
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_NUM_PARTITIONS", "3");
        CompletableFuture.allOf(CompletableFuture.runAsync(postgres::start), CompletableFuture.runAsync(kafka::start))
                .join();
        return new DockerInfrastructure(postgres, kafka);
    }

    @Override
    public String jdbcUrl(String database) {
        var server = "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/";
        try (var connection = DriverManager.getConnection(server + "postgres", username(), password());
                var statement = connection.createStatement()) {
            statement.execute("create database " + database);
        } catch (SQLException e) {
            if (!"42P04".equals(e.getSQLState())) {
                throw new IllegalStateException("The database " + database + " cannot be made", e);
            }
        }
        return server + database;
    }

    @Override
    public String username() {
        return "interlock";
    }

    @Override
    public String password() {
        return "interlock";
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }
}
