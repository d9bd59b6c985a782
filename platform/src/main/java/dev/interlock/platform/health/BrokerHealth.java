package dev.interlock.platform.health;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Ready only if the Kafka broker describes its cluster. */
@Singleton
@Readiness
@Requires(property = "kafka.bootstrap.servers")
@Requires(property = "kafka.enabled", notEquals = "false", defaultValue = "true")
final class BrokerHealth implements HealthIndicator, AutoCloseable {

    private final Properties properties = new Properties();
    private final int timeoutMillis;
    private final Question question;
    private @Nullable Admin admin;

    BrokerHealth(@Property(name = "kafka.bootstrap.servers") String servers, HealthSettings settings) {
        this.timeoutMillis = (int) settings.timeout().toMillis();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "health");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        this.question = new Question("kafka", settings, this::ask);
    }

    private Map<String, Object> ask() throws InterruptedException, ExecutionException, TimeoutException {
        var cluster = admin().describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMillis));
        return Map.of(
                "cluster", cluster.clusterId().get(timeoutMillis, TimeUnit.MILLISECONDS),
                "nodes",
                        cluster.nodes()
                                .get(timeoutMillis, TimeUnit.MILLISECONDS)
                                .size());
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties);
        }
        return admin;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return question.answer();
    }

    @Override
    @PreDestroy
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
