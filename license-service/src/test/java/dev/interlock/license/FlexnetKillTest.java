package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.HostState;
import dev.interlock.lab.CommandListener;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect;
import dev.interlock.testkit.ApiClient;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.EventPublisher;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL of license-service while a license server of its own is being given an answer: the server has the licences once, and
 * license-service finds out. Its host is known from inventory's topic, as in the field.
 */
class FlexnetKillTest {
    @TempDir
    static Path logs = Path.of("");

    /** Of its own: services of other tests are of the same Kafka group, and would hear of the hosts instead. */
    private static PrivateInfrastructure servers;

    private static Lab lab;
    private static ServiceProcess process;
    private static ApiClient olga;

    record Point(String name, Predicate<Moment> here) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Point> points() {
        return Stream.of(
                new Point(
                        "before the server takes the licences",
                        m -> m instanceof Moment.EffectDue(var effect) && activates(effect)),
                new Point(
                        "when the server has them",
                        m -> m instanceof Moment.EffectDone(var effect) && activates(effect)));
    }

    private static boolean activates(Effect effect) {
        return effect.kind() == Effect.Kind.ACTIVATE;
    }

    @BeforeAll
    static void start() {
        lab = Lab.builder().timeScale(50).start();
        servers = PrivateInfrastructure.start();
        var properties = ServiceUnderTest.properties("license", servers);
        properties.put("interlock.credentials.dir", lab.credentials().toString());
        properties.put("interlock.scheduler.heartbeat", "1s");
        process = new ServiceProcess(LicenseService.class, properties, logs.resolve("license.log")).start();
        process.awaitReady();
        olga = ApiClient.of(process.uri()).as("olga", "operator");
    }

    @AfterAll
    static void stop() {
        process.close();
        servers.close();
        lab.close();
    }

    private static UUID tellOf(LabHost host) {
        var id = UUID.randomUUID();
        var state = new HostState(
                id,
                host.name(),
                host.address(),
                host.port(),
                Lab.USER,
                lab.credential(),
                host.hostKey(),
                "reachable",
                null,
                null,
                List.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                null);
        try (var inventory = new EventPublisher(servers.bootstrapServers())) {
            inventory.publish(state);
        }
        return id;
    }

    @ParameterizedTest
    @MethodSource("points")
    @Clause({"L12", "L27", "L29"})
    void theServerHasTheLicencesOnceAndItIsFoundOut(Point point) throws Exception {
        var host = lab.add(
                "fk-" + UUID.randomUUID().toString().substring(0, 8), "pcoip-license-server", "connected", "licenses");
        var hostId = tellOf(host);
        var server = UUID.fromString(
                olga.post("/api/v1/license-servers", """
                        {"name":"%s","kind":"flexnet","baseUrl":"%s","credential":"pcoip-license-server","hostId":"%s"}
                        """.formatted(host.name(), host.http(7070), hostId))
                        .text("licenseServerId"));
        await("it is up")
                .atMost(Duration.ofSeconds(60))
                .until(() -> olga.get("/api/v1/license-servers/" + server).text("health"), "up"::equals);
        var code = licenses(host).fieldNames().next();
        olga.post("/api/v1/pools", """
                {"activationCode":"%s","seats":30,"feature":"Agent-Session","expiresAt":"2099-01-01T00:00:00Z"}
                """.formatted(code));
        var made = await("its host is heard of")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> olga.post(
                                "/api/v1/license-servers/" + server + "/activation-requests",
                                "{\"activationCode\":\"%s\",\"total\":28}".formatted(code)),
                        answer -> answer.status() == 201);
        var path = "/api/v1/activation-requests/" + made.text("requestId");
        var response = lab.portal().respond(FileTransfer.download(process.uri(), path + "/request.bin"));
        assertThat(FileTransfer.upload(process.uri(), path + "/response", response)
                        .status())
                .isEqualTo(201);

        var killed = new AtomicBoolean();
        CommandListener killer = moment -> {
            if (moment.host().equals(host.name()) && point.here().test(moment) && killed.compareAndSet(false, true)) {
                process.kill();
            }
        };
        lab.onCommand(killer);
        assertThat(olga.post(path + "/application", "").status()).isEqualTo(202);
        await("killed " + point).atMost(Duration.ofSeconds(60)).untilTrue(killed);
        lab.noLonger(killer);
        process.revive();
        await("the other life finds out")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> olga.get(path).text("state"), "applied"::equals);

        assertThat(licenses(host).path(code).asInt()).isEqualTo(28);
        assertThat(host.count(Effect.Kind.ACTIVATE, code)).as("doubled nowhere").isOne();
        assertThat(olga.get("/api/v1/pools/" + code).body().path("active").asInt())
                .isEqualTo(28);
        assertThat(new KafkaProbe(servers.bootstrapServers())
                        .await("interlock.license.events.v1", 3, m -> code.equals(m.key())).stream()
                                .map(m -> m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1")))
                .containsExactly("ActivationRequested", "ResponseAccepted", "LicensesActivated");
    }

    private static JsonNode licenses(LabHost host) {
        return new ObjectMapper()
                .<JsonNode>valueToTree(Objects.requireNonNull(
                        host.product().details(host.machine()).get("licenseServer")))
                .path("licenses");
    }
}
