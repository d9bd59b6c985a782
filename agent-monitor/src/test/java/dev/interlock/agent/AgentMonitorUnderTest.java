package dev.interlock.agent;

import dev.interlock.agent.app.RegisterAgent;
import dev.interlock.agent.domain.Agent;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.EventCodec;
import dev.interlock.testkit.ApiClient;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.KafkaProbe.Message;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * One running service on real PostgreSQL and Kafka, and the words in which the tests speak to it. Close one before the next is
 * started: they would share the partitions of the topics they read.
 */
final class AgentMonitorUnderTest implements AutoCloseable {
    static final String TOPIC = "interlock.agent.events.v1";

    private static final EventCodec CODEC = new EventCodec();

    private final Map<String, Object> properties;
    private ApplicationContext context;

    AgentMonitorUnderTest() {
        this(Map.of());
    }

    AgentMonitorUnderTest(Map<String, Object> more) {
        properties = new HashMap<>(ServiceUnderTest.properties("agent", TestInfrastructure.get()));
        properties.putAll(more);
        context = AgentMonitor.start(properties);
    }

    /** Stops it and starts it again on the same database. */
    void restart() {
        context.close();
        context = AgentMonitor.start(properties);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ApiClient nobody() {
        return ApiClient.of(context.getBean(EmbeddedServer.class).getURI());
    }

    ApiClient operator() {
        return nobody().as("olga", "operator");
    }

    ApiClient reporter() {
        return nobody().as("reporter", "service");
    }

    /** Without HTTP, for tests that move the clock past the life of any token. */
    Agent agent(UUID licenseServerId) {
        return bean(RegisterAgent.class)
                .handle(UUID.randomUUID(), "ws-" + UUID.randomUUID(), licenseServerId, null, "23.04", "olga")
                .orElseThrow();
    }

    ApiClient.Answer report(Object agentId, String id, Instant at, String outcome) {
        return reporter()
                .post(
                        "/api/v1/agents/" + agentId + "/validations",
                        "{\"validationId\":\"%s\",\"at\":\"%s\",\"outcome\":\"%s\"}".formatted(id, at, outcome));
    }

    Connection database() throws SQLException {
        return DriverManager.getConnection(
                property("datasources.default.url"),
                property("datasources.default.username"),
                property("datasources.default.password"));
    }

    /** The events of one agent, in order, once there are {@code count}. */
    static List<Message> events(UUID agent, int count) {
        return KafkaProbe.shared()
                .await(TOPIC, count, message -> agent.toString().equals(message.key()));
    }

    /** The names of an agent's grace events, in order, once there are {@code count}. */
    static List<String> grace(UUID agent, int count) {
        return graceOf(List.of(agent), count).getOrDefault(agent, List.of());
    }

    /** The names of each agent's grace events, in order, once there are {@code count} in all. */
    static Map<UUID, List<String>> graceOf(Collection<UUID> agents, int count) {
        var keys = agents.stream().map(UUID::toString).collect(Collectors.toSet());
        return KafkaProbe.shared()
                .await(
                        TOPIC,
                        count,
                        message -> keys.contains(message.key()) && type(message).startsWith("Grace"))
                .stream()
                .collect(Collectors.groupingBy(
                        message -> UUID.fromString(Objects.requireNonNull(message.key())),
                        Collectors.mapping(AgentMonitorUnderTest::type, Collectors.toList())));
    }

    /** The states of one agent that were published, in order, once the last is as wanted. */
    static List<AgentState> states(UUID agent, Predicate<AgentState> last) {
        return Awaitility.await("the state of " + agent)
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> KafkaProbe.shared().ofKey(Channel.AGENT_AGENTS.topic(), agent.toString()).stream()
                                .map(message -> CODEC.parse(
                                        AgentState.class,
                                        message.header("ce_type"),
                                        Objects.requireNonNull(message.value()).getBytes(StandardCharsets.UTF_8)))
                                .toList(),
                        states -> !states.isEmpty() && last.test(states.getLast()));
    }

    static String type(Message message) {
        return message.header("ce_type").replaceAll("dev\\.interlock\\.agent\\.(\\w+)\\.v1", "$1");
    }

    private String property(String name) {
        return Objects.requireNonNull(properties.get(name), name).toString();
    }

    @Override
    public void close() {
        context.close();
    }
}
