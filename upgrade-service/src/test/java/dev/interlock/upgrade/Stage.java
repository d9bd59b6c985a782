package dev.interlock.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.Member;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.upgrade.app.Estate;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;

/** The service on real PostgreSQL and Kafka, a lab of hosts behind real SSH, and the people who use them. */
final class Stage implements AutoCloseable {
    final Lab lab;
    final ApplicationContext service;
    final Api olga;
    final Api paul;
    final Api vera;
    private int deployments;

    Stage(Map<String, Object> more) {
        this(ServiceUnderTest.properties("upgrade"), Lab.builder().timeScale(20).start(), more);
    }

    Stage(Map<String, Object> properties, Lab lab, Map<String, Object> more) {
        this.lab = lab;
        var all = new HashMap<>(properties);
        all.put("interlock.credentials.dir", lab.credentials().toString());
        all.put("interlock.upgrade.hosts.patience", "3s");
        all.put("interlock.upgrade.engine.scan", "200ms");
        all.put("interlock.upgrade.keeper.lock-wait", "4s");
        all.putAll(more);
        this.service = UpgradeService.start(all);
        URI base = base();
        this.olga = Api.of(base, "olga", "operator");
        this.paul = Api.of(base, "paul", "approver");
        this.vera = Api.of(base, "vera", "viewer");
    }

    URI base() {
        return service.getBean(EmbeddedServer.class).getURI();
    }

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** What inventory would tell of the host now. */
    static HostState state(LabHost host, String credential) {
        var packages = new TreeMap<String, String>();
        host.console("rpm -qa --qf '%{NAME} %{VERSION}\\n'")
                .out()
                .lines()
                .forEach(line -> packages.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
        var units = new TreeMap<String, String>();
        List<String> known = host.product().name().equals("igel-ums")
                ? List.of("igel-ums-server", "igel-ums-broker", "igel-ums-watchdog")
                : List.of("guacamole", "guacd", "tomcat");
        for (String unit : known) {
            String load = host.console("systemctl show -p LoadState --value " + unit)
                    .out()
                    .strip();
            units.put(unit + ".service", load.equals("loaded") ? "active" : "absent");
        }
        return new HostState(
                id(host.name()),
                host.name(),
                host.address(),
                host.port(),
                Lab.USER,
                credential,
                host.hostKey(),
                "reachable",
                "Rocky Linux",
                "9.4",
                List.of(),
                packages,
                units,
                0L,
                1L,
                1_000_000_000L,
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    /** The hosts become a deployment that this service knows of. */
    UUID deployment(LabHost... hosts) {
        String name =
                "web-" + ++deployments + "-" + UUID.randomUUID().toString().substring(0, 4);
        Estate estate = service.getBean(Estate.class);
        for (LabHost host : hosts) {
            estate.host(state(host, lab.credential()));
        }
        estate.deployment(new DeploymentState(
                id(name),
                name,
                "keeper-connection-manager",
                Arrays.stream(hosts).map(h -> new Member(id(h.name()), "node")).toList(),
                Map.of()));
        return id(name);
    }

    /** An IGEL UMS network that this service knows of; each host in the role that its variant has. */
    UUID network(String name, Map<String, String> settings, List<LabHost> hosts) {
        Estate estate = service.getBean(Estate.class);
        for (LabHost host : hosts) {
            estate.host(state(host, lab.credential()));
        }
        estate.deployment(new DeploymentState(
                id(name),
                name,
                "igel-ums",
                hosts.stream()
                        .map(h -> new Member(id(h.name()), h.product().role(h.variant())))
                        .toList(),
                settings));
        return id(name);
    }

    JsonNode plan(UUID deployment, int concurrency) {
        return plan(deployment, "1.5.0", concurrency);
    }

    JsonNode plan(UUID deployment, String target, int concurrency) {
        return olga.post(
                        "/plans",
                        Api.JSON
                                .createObjectNode()
                                .put("deploymentId", deployment.toString())
                                .put("targetVersion", target)
                                .put("concurrency", concurrency))
                .is(201)
                .body();
    }

    void approve(JsonNode plan) {
        paul.post(
                        "/plans/" + plan.at("/id").asText() + "/approval",
                        Api.JSON.createObjectNode().put("hash", plan.at("/hash").asText()))
                .is(200);
    }

    UUID start(JsonNode plan) {
        return UUID.fromString(olga.post(
                        "/runs",
                        Api.JSON.createObjectNode().put("planId", plan.at("/id").asText()))
                .is(202)
                .text("/id"));
    }

    /** Planned, approved and started. */
    UUID upgrade(int concurrency, LabHost... hosts) {
        JsonNode plan = plan(deployment(hosts), concurrency);
        approve(plan);
        return start(plan);
    }

    JsonNode run(UUID id) {
        return vera.get("/runs/" + id).is(200).body();
    }

    JsonNode await(UUID run, String... statuses) {
        return Awaitility.await("run is " + String.join(" or ", statuses))
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> run(run),
                        r -> List.of(statuses).contains(r.at("/status").asText()));
    }

    static JsonNode step(JsonNode run, String step) {
        for (JsonNode stage : run.at("/stages")) {
            for (JsonNode lane : stage.at("/lanes")) {
                for (JsonNode each : lane.at("/steps")) {
                    if (each.at("/stepId").asText().equals(step)) {
                        return each;
                    }
                }
            }
        }
        throw new AssertionError("no step " + step + " in " + run);
    }

    static String failed(JsonNode run) {
        for (JsonNode stage : run.at("/stages")) {
            for (JsonNode lane : stage.at("/lanes")) {
                for (JsonNode each : lane.at("/steps")) {
                    if (each.at("/state").asText().equals("failed")) {
                        return each.at("/stepId").asText();
                    }
                }
            }
        }
        throw new AssertionError("no step failed: " + run);
    }

    static String reason(JsonNode run, String step) {
        return step(run, step).at("/failure/reason").asText();
    }

    @Override
    public void close() {
        service.close();
        lab.close();
    }
}
