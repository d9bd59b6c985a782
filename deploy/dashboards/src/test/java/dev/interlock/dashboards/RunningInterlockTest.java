package dev.interlock.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.dashboards.CheckPanels.Found;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product with the lab's estate, started once, and a short story on it: sessions until none is left, a license server
 * that is watched, an upgrade of Keeper, a record that cannot be read. What dashboard builders are promised is looked at then.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningInterlockTest {
    private static final Path ROOT = Path.of(System.getProperty("interlock.root", "../.."));
    private static final Path CONSUMERS = ROOT.resolve("deploy/examples/consumers");
    private static final Map<String, String> NAMES = Map.of("agent", "agent-monitor", "console", "edge");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POOL = "DASHBOARDS-2-SEATS";

    private Path folder = Path.of("");
    private @Nullable RunningInterlock interlock;
    private @Nullable OwnPrometheus prometheus;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        interlock = RunningInterlock.start(folder.resolve("interlock"));
        if (OwnPrometheus.isThere()) {
            var targets = interlock.services().values().stream()
                    .map(service -> service.getAuthority())
                    .toList();
            prometheus =
                    OwnPrometheus.start(ROOT, folder.resolve("prometheus"), targets, interlock.tokenFile("viewer"));
            prometheus.awaitTargets(targets.size());
        }
        putAsideAnUnreadableRecord();
        useUpThePool(nativeServer());
        importTheLab();
        watchTheLicenseServer();
        upgradeKeeper();
        lookThroughTheEdge();
    }

    @AfterAll
    void stop() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
        if (interlock != null) {
            interlock.close();
        }
    }

    private RunningInterlock interlock() {
        return Objects.requireNonNull(interlock);
    }

    private Prometheus prometheus() {
        assumeTrue(prometheus != null, OwnPrometheus.MISSING);
        return Objects.requireNonNull(prometheus).api();
    }

    @Test
    void metricsWantAToken() throws Exception {
        for (var service : interlock().services().keySet()) {
            assertThat(interlock().get(service, "/prometheus", null).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void theMetricsPageNamesWhatRunningServicesExpose() throws Exception {
        var page = MetricsPage.read(ROOT.resolve("docs/metrics.md"));
        var exposed = await("every metric of the page, and no other")
                .atMost(Duration.ofSeconds(45))
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        this::exposed,
                        seen -> seen.metrics().keySet().equals(page.metrics().keySet()));
        exposed.metrics().forEach((name, metric) -> {
            var told = Objects.requireNonNull(page.metrics().get(name));
            assertThat(told.type()).as("type of %s", name).isEqualTo(metric.type());
            assertThat(told.labels()).as("labels of %s", name).isEqualTo(metric.labels());
            assertThat(told.services()).as("services that have %s", name).containsAll(metric.services());
        });
    }

    private MetricsPage exposed() throws Exception {
        var answers = new TreeMap<String, String>();
        for (var service : interlock().services().keySet()) {
            var answer = interlock().get(service, "/prometheus", "viewer");
            assertThat(answer.statusCode()).isEqualTo(200);
            answers.put(NAMES.getOrDefault(service, service + "-service"), answer.body());
        }
        return MetricsPage.exposed(answers);
    }

    @Test
    void everyPanelAndEveryVariableHasData() {
        var dashboards = Dashboard.all(ROOT.resolve("deploy/grafana/dashboards"));
        assertThat(dashboards)
                .extracting(Dashboard::title)
                .containsExactlyInAnyOrder(
                        "Interlock: estate",
                        "Interlock: runs",
                        "Interlock: licenses and grace",
                        "Interlock: platform lag");

        var found = CheckPanels.ask(prometheus(), dashboards, 45);

        assertThat(found).hasSizeGreaterThan(60);
        assertThat(found).filteredOn(one -> !one.number()).isEmpty();
        assertThat(found).extracting(Found::series).allMatch(series -> series > 0);
    }

    @Test
    void prometheusEvaluatesEveryAlertAndTheStorysOwnOnesFire() {
        var asked = prometheus();
        var firing = Set.of("InterlockPoolExhausted", "InterlockDeadLetters");
        await("the alerts of the story").atMost(Duration.ofSeconds(100)).untilAsserted(() -> {
            var rules = StreamSupport.stream(asked.rules().spliterator(), false)
                    .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                    .toList();
            assertThat(rules).hasSizeGreaterThan(30);
            assertThat(rules)
                    .allSatisfy(rule -> assertThat(rule.path("health").asText())
                            .as("%s: %s", rule.path("name"), rule.path("lastError"))
                            .isEqualTo("ok"));
            assertThat(rules)
                    .filteredOn(rule -> firing.contains(rule.path("name").asText()))
                    .hasSize(2)
                    .allMatch(rule -> Set.of("pending", "firing")
                            .contains(rule.path("state").asText()));
        });
    }

    @Test
    void theJavaConsumerPrintsWhatNeedsAPerson() throws Exception {
        printsWhatNeedsAPerson(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CONSUMERS.resolve("NeedsAPerson.java").toString(),
                interlock().kafka(),
                "--until-end");
    }

    @Test
    void thePythonConsumerPrintsWhatNeedsAPerson() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/python3"))
                        && new ProcessBuilder("/usr/bin/python3", "-c", "import confluent_kafka")
                                        .redirectErrorStream(true)
                                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                        .start()
                                        .waitFor()
                                == 0,
                "/usr/bin/python3 has no confluent_kafka; on Debian: apt install python3-confluent-kafka");
        printsWhatNeedsAPerson(
                CONSUMERS.resolve("needs_a_person.py").toString(), interlock().kafka(), "--until-end");
    }

    @Test
    void theShellConsumerPrintsWhatNeedsAPerson() throws Exception {
        assumeTrue(OwnPrometheus.isProgram("kcat"), "There is no kcat on the PATH; on Debian: apt install kcat");
        printsWhatNeedsAPerson(
                CONSUMERS.resolve("needs-a-person.sh").toString(), interlock().kafka(), "-e");
    }

    /** A plan waits for its approval and a pool is exhausted; that hosts were discovered concerns nobody. */
    private void printsWhatNeedsAPerson(String... command) throws Exception {
        var out = Files.createTempFile(folder, "printed", ".txt");
        var err = Files.createTempFile(folder, "complained", ".txt");
        var process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        var printed = Files.readAllLines(out);
        assertThat(process.exitValue()).as("%s", Files.readString(err)).isZero();
        assertThat(printed).hasSize(2);
        assertThat(printed).anyMatch(line -> line.contains("UpgradePlanned") && line.contains("\"keeper-emea\""));
        assertThat(printed).anyMatch(line -> line.contains("PoolExhausted") && line.contains(POOL));
    }

    // --- the story

    private void putAsideAnUnreadableRecord() {
        Map<String, Object> settings = Map.of("bootstrap.servers", interlock().kafka());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            var record = new ProducerRecord<>(
                    "interlock.inventory.hosts.v1", UUID.randomUUID().toString(), "this is no host");
            await("Kafka takes it").until(() -> producer.send(record).get(), sent -> sent.hasOffset());
        }
    }

    private String nativeServer() throws Exception {
        return interlock()
                .send(
                        "operator",
                        "POST",
                        "license",
                        "/license-servers",
                        Map.of("name", "ls-emea", "kind", "native"),
                        201)
                .path("licenseServerId")
                .asText();
    }

    private void useUpThePool(String server) throws Exception {
        var expires = Instant.now().plus(Duration.ofDays(365)).toString();
        var pool = Map.of("activationCode", POOL, "seats", 3, "feature", "session", "expiresAt", expires);
        interlock().send("operator", "POST", "license", "/pools", pool, 201);
        interlock()
                .send(
                        "operator",
                        "PUT",
                        "license",
                        "/pools/" + POOL + "/activations/" + server,
                        Map.of("total", 2),
                        200);
        for (var user : List.of("anna", "ben", "cleo")) {
            var agent = interlock()
                    .send(
                            "operator",
                            "POST",
                            "agent",
                            "/agents",
                            Map.of("name", "desk-" + user, "licenseServerId", server),
                            201)
                    .path("agentId")
                    .asText();
            interlock()
                    .send(
                            "admin",
                            "POST",
                            "license",
                            "/license-servers/" + server + "/sessions",
                            Map.of("agentId", agent, "user", user),
                            user.equals("cleo") ? 409 : 201);
        }
    }

    private void importTheLab() throws Exception {
        interlock()
                .send(
                        "operator",
                        "POST",
                        "inventory",
                        "/imports?format=csv",
                        interlock().lab("/inventory.csv"),
                        200);
        await("all hosts are reachable")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> interlock().list("inventory", "/hosts?limit=100"),
                        hosts -> StreamSupport.stream(hosts.spliterator(), false)
                                .allMatch(host -> host.path("status").asText().equals("reachable")
                                        && !host.path("components").isEmpty()));
    }

    private void watchTheLicenseServer() throws Exception {
        var hosts = StreamSupport.stream(
                interlock().list("inventory", "/hosts?limit=100").spliterator(), false);
        var host = hosts.filter(h -> h.path("name").asText().equals("licenses-paris"))
                .findFirst()
                .orElseThrow();
        var door = URI.create(JSON.readTree(interlock().lab("/hosts/licenses-paris"))
                .path("http")
                .path("7070")
                .asText());
        var body = new LinkedHashMap<String, Object>();
        body.put("name", "licenses-paris");
        body.put("kind", "flexnet");
        body.put("address", door.resolve("/request").toString());
        body.put("baseUrl", door.toString());
        body.put("credential", "pcoip-license-server");
        body.put("hostId", host.path("hostId").asText());
        interlock().send("operator", "POST", "license", "/license-servers", body, 201);
    }

    private void upgradeKeeper() throws Exception {
        var deployments = StreamSupport.stream(
                interlock().list("inventory", "/deployments").spliterator(), false);
        var keeper = deployments
                .filter(d -> d.path("name").asText().equals("keeper-emea"))
                .findFirst()
                .orElseThrow()
                .path("deploymentId")
                .asText();
        Map<String, Object> wanted =
                Map.of("deploymentId", keeper, "targetVersion", "1.5.0", "canary", 1, "concurrency", 3);
        var plans = new ArrayList<JsonNode>();
        await("upgrade-service has heard of the deployment")
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    var answer = interlock().send("operator", "POST", "upgrade", "/plans", wanted, 201, 404, 409, 422);
                    if (answer.has("hash")) {
                        plans.add(answer);
                    }
                    return !plans.isEmpty();
                });
        var plan = plans.getFirst();
        var id = plan.path("id").asText();
        interlock()
                .send(
                        "approver",
                        "POST",
                        "upgrade",
                        "/plans/" + id + "/approval",
                        Map.of("hash", plan.path("hash").asText()),
                        200);
        var run = interlock()
                .send("operator", "POST", "upgrade", "/runs", Map.of("planId", id), 201, 202)
                .path("id")
                .asText();
        var ended = await("the run has ended")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> interlock().one("upgrade", "/runs/" + run),
                        now -> Set.of("completed", "failed", "paused")
                                .contains(now.path("status").asText()));
        assertThat(ended.path("status").asText()).as("%s", ended.path("reason")).isEqualTo("completed");
    }

    private void lookThroughTheEdge() throws Exception {
        assertThat(interlock()
                        .get("console", "/api/inventory/v1/hosts", "viewer")
                        .statusCode())
                .isEqualTo(200);
    }
}
