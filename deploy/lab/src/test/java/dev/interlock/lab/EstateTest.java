package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.faults.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void twoHundredHostsAreUpgradedAtOnceInOneProcess() throws Exception {
        try (Lab lab = Lab.builder().timeScale(50).start()) {
            for (int i = 1; i <= 200; i++) {
                lab.addKeeper(String.format(Locale.ROOT, "kcm-%03d", i));
            }
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            assertThat(used >> 20).as("MiB in use with 200 hosts").isLessThan(150);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var all = new ArrayList<Callable<String>>();
                for (LabHost host : lab.hosts()) {
                    all.add(() -> {
                        try (Client client = Client.of(lab, host, Lab.USER, 60_000)) {
                            return client.run(
                                            "sudo -n systemctl stop guacamole guacd && sudo -n dnf -q -y upgrade 'kcm-*' kcm keeper-guacamole-standalone > /dev/null && sudo -n systemctl start guacamole guacd && rpm -q --qf '%{VERSION}' kcm-guacd",
                                            60)
                                    .out();
                        }
                    });
                }
                for (Future<String> version : threads.invokeAll(all)) {
                    assertThat(version.get()).isEqualTo("1.5.0");
                }
            }
            assertThat(lab.effects()).hasSize(200 * (2 + 9 + 2));
        }
    }

    @Test
    void aLabStartedAgainInItsFolderHasTheSameKeys(@TempDir Path folder) throws IOException {
        String before;
        try (Lab lab = Lab.builder().dir(folder).start()) {
            before = lab.addKeeper("kcm-001").hostKey();
        }
        try (Lab lab = Lab.builder().dir(folder).start()) {
            LabHost host = lab.addKeeper("kcm-001");
            assertThat(host.hostKey()).isEqualTo(before).startsWith("ssh-ed25519 AAAA");
            assertThat(lab.addKeeper("kcm-002").hostKey()).isNotEqualTo(before);
            Path key = lab.credentials().resolve("lab.key");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
            try (Client client = Client.of(lab, host)) {
                assertThat(client.run("hostname").out()).isEqualTo("kcm-001\n");
            }
        }
    }

    @Test
    void theInventoriesNameEveryHostWithItsKey() {
        try (Lab lab = Lab.builder().start()) {
            LabHost a = lab.add("a", "keeper-connection-manager", "standalone", "east");
            LabHost b = lab.add("b", "keeper-connection-manager", "tomcat", "west");
            assertThat(lab.inventoryCsv())
                    .isEqualTo("name,address,port,user,credential,host_key,deployment,product,role,labels\n"
                            + "a,127.0.0.1," + a.port() + ",interlock,lab," + a.hostKey()
                            + ",east,keeper-connection-manager,node,lab\n"
                            + "b,127.0.0.1," + b.port() + ",interlock,lab," + b.hostKey()
                            + ",west,keeper-connection-manager,node,lab\n");
            assertThat(lab.inventoryIni())
                    .contains("[east]\na ansible_host=127.0.0.1 ansible_port=" + a.port()
                            + " ansible_user=interlock interlock_credential=lab interlock_host_key=\"" + a.hostKey()
                            + "\"\n")
                    .contains("[west:vars]\ninterlock_product=keeper-connection-manager\n");
        }
    }

    private record Reply(int status, JsonNode body) {}

    private static Reply call(Lab lab, String method, String path, String body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(lab.api() + path))
                            .method(
                                    method,
                                    body.isEmpty()
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), JSON.readTree(response.body()));
        }
    }

    @Test
    void theApiMakesHostsBreaksThemHealsThemAndCountsWhatWasDone() throws Exception {
        try (Lab lab = Lab.builder().timeScale(20).start()) {
            assertThat(call(lab, "POST", "/hosts", "{\"name\":\"kcm\",\"count\":3,\"deployment\":\"east\"}")
                            .status())
                    .isEqualTo(201);
            assertThat(call(lab, "GET", "/hosts", "").body().findValuesAsText("name"))
                    .isEqualTo(List.of("kcm-001", "kcm-002", "kcm-003"));
            LabHost host = lab.host("kcm-002");
            assertThat(call(lab, "POST", "/hosts/kcm-002/faults", "{\"kind\":\"slowrpm\",\"value\":\"3\"}")
                            .body()
                            .toString())
                    .isEqualTo("{\"slowrpm\":\"3\"}");
            assertThat(call(lab, "POST", "/hosts/kcm-002/faults", "{\"kind\":\"badrpm\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(host.machine().faults().has(Fault.BADRPM)).isTrue();
            assertThat(call(lab, "DELETE", "/hosts/kcm-002/faults/badrpm", "")
                            .body()
                            .toString())
                    .isEqualTo("{\"slowrpm\":\"3\"}");
            assertThat(call(lab, "DELETE", "/hosts/kcm-002/faults", "").body().toString())
                    .isEqualTo("{}");
            host.console("systemctl stop guacd");
            Reply effects = call(lab, "GET", "/hosts/kcm-002/effects", "");
            assertThat(effects.body().path("counts").toString()).isEqualTo("{\"stop guacd.service\":1}");
            assertThat(effects.body().path("effects").path(0).path("command").asText())
                    .isEqualTo("kcm-002#console");
            assertThat(call(lab, "GET", "/effects", "").body()).hasSize(1);
            assertThat(call(lab, "GET", "/hosts/kcm-002", "")
                            .body()
                            .path("units")
                            .path("guacd.service")
                            .asText())
                    .isEqualTo("inactive");
            assertThat(call(lab, "PUT", "/time-scale", "{\"scale\":5}")
                            .body()
                            .path("scale")
                            .asDouble())
                    .isEqualTo(5);
            assertThat(lab.timeScale()).isEqualTo(5);
        }
    }

    @Test
    void theApiSaysWhatIsWrong() throws Exception {
        try (Lab lab = Lab.builder().start()) {
            lab.addKeeper("kcm-001");
            assertThat(call(lab, "GET", "/hosts/nosuch", "").status()).isEqualTo(404);
            assertThat(call(lab, "GET", "/nosuch", "").status()).isEqualTo(404);
            assertThat(call(lab, "POST", "/hosts", "{").status()).isEqualTo(400);
            assertThat(call(lab, "POST", "/hosts", "{\"name\":\"kcm-001\"}")
                            .body()
                            .path("detail")
                            .asText())
                    .contains("already");
            assertThat(call(lab, "POST", "/hosts/kcm-001/faults", "{\"kind\":\"fire\"}")
                            .body()
                            .path("detail")
                            .asText())
                    .contains("no fault 'fire'");
            assertThat(call(lab, "POST", "/hosts/kcm-001/faults", "{\"kind\":\"slow\",\"value\":\"x\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(call(lab, "PUT", "/time-scale", "{\"scale\":0}").status())
                    .isEqualTo(400);
            assertThatThrownBy(() -> lab.add("x", "nosuch", "standalone", "d"))
                    .hasMessageContaining("plays no product 'nosuch'");
        }
    }
}
