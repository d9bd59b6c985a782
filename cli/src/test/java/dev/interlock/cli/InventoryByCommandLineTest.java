package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.CommandLineInFolder.Result;
import dev.interlock.inventory.InventoryService;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a real inventory service. */
class InventoryByCommandLineTest {

    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

    @TempDir
    static Path folder = Path.of("");

    private static ApplicationContext inventory = ApplicationContext.builder().build();
    private static CommandLineInFolder interlock = new CommandLineInFolder(folder);

    @BeforeAll
    static void startService() throws IOException {
        var properties = ServiceUnderTest.properties("inventory");
        properties.put(
                "interlock.credentials.dir",
                Files.createDirectories(folder.resolve("credentials")).toString());
        inventory = InventoryService.start(properties);
        interlock = new CommandLineInFolder(folder)
                .token("admin", TestTokens.token("olga", "operator", "admin"))
                .state(Map.of(
                        Service.INVENTORY,
                        inventory.getBean(EmbeddedServer.class).getURI()));
    }

    @AfterAll
    static void stopService() {
        inventory.close();
    }

    @Test
    void hostsAreAddedFoundByNameVouchedForAndRetired() throws IOException {
        assertThat(interlock.run(
                        "hosts",
                        "add",
                        "add-01",
                        "10.99.0.1",
                        "--user",
                        "root",
                        "--credential",
                        "fleet",
                        "--label",
                        "site=emea"))
                .returns(0, Result::exitCode)
                .satisfies(added -> assertThat(added.out()).startsWith("Added add-01 ("));
        assertThat(interlock.run("hosts", "accept-key", "add-01", "--host-key", KEY))
                .isEqualTo(new Result(
                        0, "Pinned ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU for add-01.\n", ""));
        assertThat(interlock.run("hosts", "show", "add-01").out())
                .containsPattern("(?m)^address +10\\.99\\.0\\.1$")
                .containsPattern("(?m)^host key fingerprint +SHA256:\\+DiY3")
                .containsPattern("(?m)^labels\n  site +emea$");
        assertThat(interlock.run("hosts", "list", "-q", "add-0").out()).contains("add-01", "10.99.0.1");
        assertThat(interlock.run("hosts", "add", "add-01", "10.99.0.2", "--user", "root", "--credential", "fleet"))
                .returns(Failure.REFUSED, Result::exitCode)
                .satisfies(refused -> assertThat(refused.err()).contains("(409 host-taken)", "next: "));
        assertThat(interlock.run("hosts", "retire", "add-01", "--reason", "replaced"))
                .isEqualTo(new Result(0, "Retired add-01.\n", ""));
        assertThat(interlock.run("hosts", "list", "--status", "retired").out()).contains("add-01");
    }

    @Test
    void anInventoryFileIsTriedThenImportedAndABadLineIsShownWithWhatToDo() throws IOException {
        Files.writeString(folder.resolve("fleet.ini"), """
                [keeper-ini]
                ini-01 ansible_host=10.98.0.1 interlock_host_key="%s"
                ini-02 ansible_host=10.98.0.2 interlock_host_key="%s"

                [keeper-ini:vars]
                ansible_user=root
                interlock_credential=fleet
                interlock_product=keeper-connection-manager
                """.formatted(KEY, KEY));
        assertThat(interlock.run("hosts", "import", "fleet.ini", "--dry-run").out())
                .startsWith("Would be: 2 created, 0 updated, 0 unchanged, 1 deployments, 0 rejected.");
        assertThat(interlock.run("hosts", "list", "-q", "ini-0").out()).isEqualTo("None.\n");
        assertThat(interlock.run("hosts", "import", "fleet.ini").out())
                .startsWith("2 created, 0 updated, 0 unchanged, 1 deployments, 0 rejected.");
        assertThat(interlock.run("hosts", "import", "fleet.ini").out())
                .startsWith("0 created, 0 updated, 2 unchanged, 0 deployments, 0 rejected.");
        assertThat(interlock
                        .run("deployments", "list", "--product", "keeper-connection-manager")
                        .out())
                .containsPattern("keeper-ini +keeper-connection-manager +ini-01, ini-02");

        String csv = "name,address,user,credential\ncsv-01,10.97.0.1,root,fleet\ncsv-02,,root,fleet\n";
        Result partly = interlock.typing(csv).run("hosts", "import", "-", "--format", "csv");
        assertThat(partly.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(partly.out())
                .startsWith("1 created,")
                .contains("1 rejected.\n")
                .containsPattern("(?m)^3 +address +");
        assertThat(interlock.run("hosts", "import", "-"))
                .returns(Failure.USAGE, Result::exitCode)
                .returns("What is in -? Say --format csv, ansible-ini or ansible-yaml.\n", Result::err);
    }

    @Test
    void aDeploymentIsMadeOfHostsByName() throws IOException {
        interlock.run("hosts", "add", "dep-01", "10.96.0.1", "--user", "root", "--credential", "fleet");
        interlock.run("hosts", "add", "dep-02", "10.96.0.2", "--user", "root", "--credential", "fleet");
        assertThat(interlock.run(
                        "deployments",
                        "create",
                        "keeper-dep",
                        "--product",
                        "keeper-connection-manager",
                        "--member",
                        "dep-01",
                        "--member",
                        "dep-02=node",
                        "--setting",
                        "variant=standalone"))
                .returns(0, Result::exitCode)
                .satisfies(made -> assertThat(made.out()).startsWith("Registered keeper-dep with 2 members ("));
        assertThat(interlock.run("deployments", "show", "keeper-dep").out()).contains("dep-01", "dep-02", "standalone");
        assertThat(interlock.run(
                        "deployments",
                        "create",
                        "other",
                        "--product",
                        "keeper-connection-manager",
                        "--member",
                        "dep-01"))
                .returns(Failure.REFUSED, Result::exitCode);
        assertThat(interlock.run("deployments", "retire", "keeper-dep", "--reason", "moved"))
                .returns(0, Result::exitCode);
    }

    @Test
    void aProbeIsWaitedForAndSaysWhatIsWrong() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        interlock.run(
                "hosts",
                "add",
                "probe-01",
                "127.0.0.1",
                "--port",
                String.valueOf(free),
                "--user",
                "root",
                "--credential",
                "fleet",
                "--host-key",
                KEY);
        Result probed = interlock.run("hosts", "probe", "probe-01", "--wait", "-o", "json");
        assertThat(probed.exitCode()).isEqualTo(Failure.REFUSED);
        JsonNode host = Api.JSON.readTree(probed.out()).path(0);
        assertThat(host.path("name").asText()).isEqualTo("probe-01");
        assertThat(host.path("status").asText()).isEqualTo("unreachable");
        assertThat(host.path("probedAt").isTextual()).isTrue();
        assertThat(interlock.run("hosts", "probe"))
                .returns("Which hosts? Name some, or say --every.\n", Result::err)
                .returns(Failure.USAGE, Result::exitCode);
    }

    @Test
    void theServiceServesTheContractToWhoeverMayRead() throws Exception {
        String viewer = TestTokens.token("vera", "viewer");
        HttpResponse<String> document = get("/asyncapi.yaml", viewer);
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/yaml"));
        assertThat(document.body()).startsWith("asyncapi: 3.0.0").contains("interlock.inventory.hosts.v1");
        HttpResponse<String> schema = get("/schemas/dev.interlock.upgrade.NodeUpdated.v1.json", viewer);
        assertThat(Api.JSON.readTree(schema.body()).path("$id").asText())
                .isEqualTo("urn:interlock:schema:dev.interlock.upgrade.NodeUpdated.v1");
        for (String absent : new String[] {"Nothing.v1.json", "..%2Fasyncapi.yaml", "dev.interlock.Nothing.v1.json"}) {
            HttpResponse<String> refused = get("/schemas/" + absent, viewer);
            assertThat(refused.statusCode()).as(absent).isEqualTo(404);
        }
        assertThat(get("/asyncapi.yaml", "").statusCode()).isEqualTo(401);
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                inventory.getBean(EmbeddedServer.class).getURI().resolve(path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void keysThatNobodyPresentedAreNotGuessed() {
        interlock.run("hosts", "add", "key-01", "10.95.0.1", "--user", "root", "--credential", "fleet");
        assertThat(interlock.run("hosts", "accept-key", "key-01"))
                .returns(Failure.REFUSED, Result::exitCode)
                .satisfies(refused -> assertThat(refused.err()).startsWith("key-01 has presented no key"));
    }
}
