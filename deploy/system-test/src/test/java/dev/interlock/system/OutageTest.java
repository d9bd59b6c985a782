package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.agent.AgentMonitor;
import dev.interlock.license.LicenseService;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Kafka and PostgreSQL go away while sessions are asked for; afterwards the books must balance to the last event. */
class OutageTest {
    private static final String SESSIONS = "interlock.license.sessions.v1";
    private static final Duration KAFKA_AWAY = Duration.ofSeconds(30);
    private static final Duration POSTGRES_AWAY = Duration.ofSeconds(10);

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();

    @Test
    @Clause("L11")
    void nothingIsLostOrAppliedTwiceWhenKafkaIsAwayForThirtySecondsAndPostgresForTen() throws Exception {
        try (var servers = PrivateInfrastructure.start()) {
            var agentProperties = ServiceUnderTest.properties("agent", servers);
            try (var licenses = LicenseService.start(ServiceUnderTest.properties("license", servers));
                    var agents = AgentMonitor.start(agentProperties)) {
                var server = licenseServer(rest(licenses));
                var drivers = new ArrayList<Driver>();
                for (int i = 0; i < 4; i++) {
                    var agent = rest(agents)
                            .post("/agents", Map.of("name", "desk-" + i, "licenseServerId", server))
                            .accepted();
                    drivers.add(new Driver(
                            rest(licenses), server, agent.get("agentId").asText()));
                }
                var threads = drivers.stream().map(Thread::startVirtualThread).toList();

                sessionsPass(100);
                away(KAFKA_AWAY, servers::stopKafka, servers::startKafka, true);
                sessionsPass(100);
                away(POSTGRES_AWAY, servers::stopPostgres, servers::startPostgres, false);
                sessionsPass(100);
                stop.set(true);
                for (var thread : threads) {
                    thread.join();
                }

                var told = drivers.stream().mapToInt(d -> d.facts.size()).sum();
                var probe = new KafkaProbe(servers.bootstrapServers());
                await("every fact in the topic")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> firstSeen(probe).size() >= told);
                var events = firstSeen(probe);
                for (var driver : drivers) {
                    assertThat(events.values().stream()
                                    .filter(fact -> fact.agent().equals(driver.agent))
                                    .map(Fact::what))
                            .as("what the topic tells of %s, in order, each once", driver.agent)
                            .containsExactlyElementsOf(driver.facts);
                }
                assertThat(events).as("nothing that nobody asked for").hasSize(told);

                var url = String.valueOf(agentProperties.get("datasources.default.url"));
                for (var driver : drivers) {
                    await("agent-monitor has counted each authorisation once")
                            .atMost(Duration.ofSeconds(60))
                            .untilAsserted(() -> assertThat(validations(url, servers, driver.agent))
                                    .isEqualTo(driver.facts.stream()
                                            .filter(f -> f.startsWith("SessionAuthorized"))
                                            .count()));
                }
                assertThat(probe.all(SESSIONS + ".agent-monitor.dlt"))
                        .as("dead letters")
                        .isEmpty();
                assertThat(rest(licenses)
                                .get("/pools/OUTAGE-1")
                                .accepted()
                                .get("inUse")
                                .asInt())
                        .as("licences still in use after every session was released")
                        .isZero();
            }
        }
    }

    private static Rest rest(ApplicationContext service) {
        return new Rest(
                service.getBean(EmbeddedServer.class).getURI(), TestTokens.token("olga", "operator", "service"));
    }

    private static String licenseServer(Rest licenses) {
        var server = licenses.post("/license-servers", Map.of("name", "ls-1", "kind", "native"))
                .accepted()
                .get("licenseServerId")
                .asText();
        licenses.post(
                        "/pools",
                        Map.of(
                                "activationCode",
                                "OUTAGE-1",
                                "seats",
                                10,
                                "feature",
                                "Agent-Session",
                                "expiresAt",
                                Instant.parse("2099-01-01T00:00:00Z").toString()))
                .accepted();
        licenses.put("/pools/OUTAGE-1/activations/" + server, Map.of("total", 10))
                .accepted();
        return server;
    }

    private void sessionsPass(int more) {
        int from = done.get();
        await(more + " more sessions").atMost(Duration.ofSeconds(90)).until(() -> done.get() >= from + more);
    }

    /** Takes a server away for so long, and no shorter. While Kafka is away, sessions must go on being served. */
    private void away(Duration howLong, Runnable down, Runnable up, boolean serviceGoesOn) {
        down.run();
        var since = System.nanoTime();
        int before = done.get();
        await("the outage's end")
                .atMost(howLong.plusSeconds(30))
                .until(() -> System.nanoTime() - since >= howLong.toNanos());
        int served = done.get() - before;
        up.run();
        if (serviceGoesOn) {
            assertThat(served).as("sessions served while Kafka was away").isPositive();
        }
    }

    private record Fact(String agent, String what) {}

    /** By event id, in the order of the first time each was seen: a relay may repeat itself after an outage, not more. */
    private static Map<String, Fact> firstSeen(KafkaProbe probe) {
        var json = new ObjectMapper();
        var events = new LinkedHashMap<String, Fact>();
        for (var message : probe.all(SESSIONS)) {
            try {
                var data = json.readTree(message.value());
                var type = message.header("ce_type").split("\\.", -1);
                events.putIfAbsent(
                        message.header("ce_id"),
                        new Fact(
                                data.get("agentId").asText(),
                                type[type.length - 2] + " "
                                        + data.get("sessionId").asText()));
            } catch (java.io.IOException e) {
                throw new AssertionError("not JSON: " + message, e);
            }
        }
        return events;
    }

    private static long validations(String url, PrivateInfrastructure servers, String agent) throws SQLException {
        try (var connection = DriverManager.getConnection(url, servers.username(), servers.password());
                var statement =
                        connection.prepareStatement("select count(*) from validation where agent_id = ?::uuid")) {
            statement.setString(1, agent);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** One user of one agent: opens and ends sessions, and repeats each request until it is answered. */
    private final class Driver implements Runnable {
        private final Rest licenses;
        private final String server;
        private final String agent;
        /** What the service acknowledged, in order. Read once the driver has ended. */
        private final List<String> facts = new ArrayList<>();

        Driver(Rest licenses, String server, String agent) {
            this.licenses = licenses;
            this.server = server;
            this.agent = agent;
        }

        @Override
        public void run() {
            while (!stop.get()) {
                var session = UUID.randomUUID().toString();
                insist(() -> licenses.post(
                        "/license-servers/" + server + "/sessions",
                        Map.of("agentId", agent, "user", "ulla", "sessionId", session)));
                facts.add("SessionAuthorized " + session);
                insist(() -> licenses.delete("/sessions/" + session));
                facts.add("SessionReleased " + session);
                done.incrementAndGet();
            }
        }

        private void insist(java.util.function.Supplier<Rest.Answer> request) {
            await("an answer of the license service")
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(20))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        var answer = request.get();
                        assertThat(answer.status()).as("%s", answer).isNotIn(400, 401, 403, 404, 409, 422);
                        return answer.status() >= 200 && answer.status() <= 299;
                    });
        }
    }
}
