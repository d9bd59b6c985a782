package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.machine.Effect.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a UMS network is made of, and how one comes to be. */
class UmsNetworkTest extends UmsNetworkFixture {
    @Test
    void balancersAndConsolesAreInstalledByTheSameFileAndBearTheirRolesInTheInventory() {
        List<LabHost> more = List.of(
                lab.add("lb", "igel-ums", "load-balancer", "ums"),
                lab.add("console", "igel-ums", "console", "ums"),
                lab.add("both", "igel-ums", "server+load-balancer", "ums"));
        assertThat(lab.inventoryCsv().lines().filter(l -> l.contains(",ums,igel-ums,")))
                .extracting(l -> l.split(",")[0] + " " + l.split(",")[8])
                .containsExactly(
                        "ums-server-1 server",
                        "ums-server-2 server",
                        "ums-server-3 server",
                        "lb load-balancer",
                        "console console",
                        "both server");
        assertThat(more.get(0).console(install("ha-load-balancer")).exit()).isZero();
        assertThat(more.get(0).count(Kind.UPGRADE, "igel-ums")).isOne();
        await().untilAsserted(() -> assertThat(
                        servers.getFirst().console(CLI + "network list").out().lines())
                .anyMatch(l -> l.startsWith("load-balancer;lb;") && l.endsWith(";12.05.100;normal")));
        assertThat(more.get(1).console(install("console")).exit()).isZero();
        assertThat(more.get(1).console("cat /opt/IGEL/RemoteManager/version").out())
                .isEqualTo("12.05.100\n");
        assertThat(more.get(2).console("ss -ltnH | grep -c -E ':3000[12] '").out())
                .isEqualTo("2\n");
        assertThat(more.get(2).console(install("ha-server-load-balancer")).out())
                .contains("\n1 of 4 servers updated\n");
        assertThat(more.get(2)
                        .console("systemctl is-active igel-ums-server igel-ums-broker igel-ums-watchdog")
                        .out())
                .isEqualTo("active\nactive\nactive\n");
    }

    @Test
    void aNetworkIsMadeThroughTheAdminApi() throws Exception {
        try (var other = Lab.builder().timeScale(50).start();
                var client = HttpClient.newHttpClient()) {
            String network = "{\"deployment\":\"api-ums\",\"servers\":1,\"loadBalancers\":1,\"consoles\":1}";
            assertThat(send(client, other, "POST", "/ums", network).body()).contains("PUT /ums-database");
            assertThat(send(
                                    client,
                                    other,
                                    "PUT",
                                    "/ums-database",
                                    "{\"url\":\"%s\",\"user\":\"%s\",\"password\":\"%s\"}"
                                            .formatted(
                                                    infrastructure.jdbcUrl("umslab"),
                                                    infrastructure.username(),
                                                    infrastructure.password()))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(client, other, "POST", "/ums", network).statusCode())
                    .isEqualTo(201);
            assertThat(other.hosts())
                    .extracting(LabHost::name)
                    .containsExactly("api-ums-server-1", "api-ums-balancer-1", "api-ums-console-1");
            assertThat(other.inventoryIni().lines().filter(l -> l.startsWith("api-ums-")))
                    .extracting(l -> l.replaceFirst(".*\"", "").strip())
                    .containsExactly("", "interlock_role=load-balancer", "interlock_role=console");
            assertThat(send(client, other, "GET", "/hosts/api-ums-server-1", "").body())
                    .containsPattern("\"mode\" : \"normal\"");
        }
    }

    private static HttpResponse<String> send(HttpClient client, Lab lab, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(lab.api().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
