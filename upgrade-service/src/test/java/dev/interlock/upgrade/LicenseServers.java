package dev.interlock.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.Member;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.upgrade.app.Estate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A stage with license servers on it. */
final class LicenseServers {
    private static final String PRODUCT = "pcoip-license-server";

    private LicenseServers() {}

    static Stage stage(Map<String, Object> more) {
        var all = new HashMap<String, Object>();
        all.put("interlock.upgrade.license-server.start-patience", "90s");
        all.put("interlock.upgrade.license-server.offline-patience", "90s");
        all.put("interlock.upgrade.license-server.lock-wait", "4s");
        all.putAll(more);
        return new Stage(
                ServiceUnderTest.properties("upgrade"),
                Lab.builder().timeScale(60).start(),
                all);
    }

    /** A server that answers. */
    static LabHost add(Stage stage, String name, String variant) {
        LabHost host = stage.lab.add(name, PRODUCT, variant, "licenses");
        Awaitility.await(name + " answers")
                .until(() -> host.console("curl -s -f http://localhost:7070/api/1.0/health")
                                .exit()
                        == 0);
        return host;
    }

    static HostState state(LabHost host, String credential) {
        var packages = new TreeMap<String, String>();
        host.console("rpm -qa --qf '%{NAME} %{VERSION}\\n'")
                .out()
                .lines()
                .forEach(line -> packages.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
        return new HostState(
                Stage.id(host.name()),
                host.name(),
                host.address(),
                host.port(),
                Lab.USER,
                credential,
                host.hostKey(),
                "reachable",
                "Rocky Linux",
                "8.9",
                List.of(),
                packages,
                Map.of("flexnetls-TERADICI.service", "active"),
                0L,
                1L,
                1_000_000_000L,
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    static UUID deployment(Stage stage, Map<String, String> settings, LabHost... hosts) {
        UUID id = UUID.randomUUID();
        Estate estate = stage.service.getBean(Estate.class);
        for (LabHost host : hosts) {
            estate.host(state(host, stage.lab.credential()));
        }
        estate.deployment(new DeploymentState(
                id,
                "licenses-" + id,
                PRODUCT,
                Arrays.stream(hosts)
                        .map(h -> new Member(Stage.id(h.name()), "license-server"))
                        .toList(),
                settings));
        return id;
    }

    static Api.Answer plan(Stage stage, UUID deployment, String target) {
        return stage.olga.post(
                "/plans",
                Api.JSON
                        .createObjectNode()
                        .put("deploymentId", deployment.toString())
                        .put("targetVersion", target));
    }

    static UUID upgrade(Stage stage, UUID deployment) {
        JsonNode plan = plan(stage, deployment, "23.04").is(201).body();
        stage.approve(plan);
        return stage.start(plan);
    }

    /** What the lab counts of the server. */
    static Object counted(LabHost host, String what) {
        return ((Map<?, ?>) host.product().details(host.machine()).getOrDefault("licenseServer", Map.of()))
                .toString()
                .transform(all -> all.replaceFirst(".*\\b" + what + "=(\\{[^}]*\\}|[^,}]*).*", "$1"));
    }

    static int wrongPasswords(LabHost host) {
        return Integer.parseInt(counted(host, "wrongPasswords").toString());
    }
}
