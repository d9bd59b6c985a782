package dev.interlock.inventory;

import static dev.interlock.inventory.InventoryUnderTest.hostBody;
import static dev.interlock.inventory.InventoryUnderTest.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PublishedContract;
import dev.interlock.testkit.TestTokens;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST boundary and the files, on real PostgreSQL and Kafka. Nothing listens at the hosts' addresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InventoryApiTest {

    private static final AtomicInteger PORTS = new AtomicInteger(1000);

    private InventoryUnderTest inventory;

    @BeforeAll
    void start(@TempDir Path credentials) {
        // no credential is stored, so that no probe ever reaches for the network
        inventory = InventoryUnderTest.start(credentials, Map.of());
    }

    @AfterAll
    void stop() {
        inventory.close();
    }

    private static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private String host(String name) {
        return inventory.host(name, "127.0.0.9", PORTS.incrementAndGet(), null);
    }

    private static String deploymentBody(String name, String product, String host, String settings) {
        return """
                {"name":"%s","product":"%s","members":[{"host":"%s","role":"node"}],"settings":%s}""".formatted(name, product, host, settings);
    }

    @Test
    void aHostIsCreatedWithLocationAndTagAndReadBack() {
        var name = unique("a");
        var created = inventory.post("/api/v1/hosts", hostBody(name, "127.0.0.9", PORTS.incrementAndGet(), null));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1/hosts/" + created.text("hostId"));
        assertThat(created.header("ETag")).isEqualTo("\"v1\"");
        var read = inventory.get(created.header("Location"));
        assertThat(read.text("name")).isEqualTo(name);
        assertThat(read.header("ETag")).isEqualTo("\"v1\"");
    }

    @Test
    void everyFlawOfABodyIsNamedAtOnce() {
        var answer =
                inventory.post("/api/v1/hosts", "{\"name\":\"bad name\",\"port\":0,\"labels\":{\"api_token\":\"x\"}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("name", "address", "port", "user", "credential", "labels.api_token");
        assertThat(answer.body().path("errors").findValuesAsText("next")).allMatch(next -> !next.isBlank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "{\"name\":\"a\",\"colour\":\"red\"}",
                "{\"name\":{\"a\":1}}",
                "{\"port\":\"many\"}"
            })
    void aBodyThatIsNoHostIsAProblemAndNoAccident(String body) {
        var answer = inventory.post("/api/v1/hosts", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("next")).isNotBlank();
    }

    @Test
    void nameAndAddressBelongToOneHostWhateverTheCaseUntilItIsRetired() {
        var name = unique("taken");
        int port = PORTS.incrementAndGet();
        var first = inventory.host(name, "127.0.0.9", port, null);

        var sameName = inventory.post(
                "/api/v1/hosts", hostBody(name.toUpperCase(Locale.ROOT), "127.0.0.9", PORTS.incrementAndGet(), null));
        var sameAddress = inventory.post("/api/v1/hosts", hostBody(unique("b"), "127.0.0.9", port, null));
        assertThat(sameName.problem()).isEqualTo("host-taken");
        assertThat(sameAddress.problem()).isEqualTo("host-taken");
        assertThat(sameAddress.text("hostId")).isEqualTo(first);

        inventory.post("/api/v1/hosts/" + first + "/retirement", "{\"reason\":\"gone\"}");
        assertThat(inventory.host(name, "127.0.0.9", port, null)).isNotEqualTo(first);
    }

    @Test
    void anUpdateNeedsTheTagOfWhatWasRead() {
        var name = unique("upd");
        int port = PORTS.incrementAndGet();
        var path = "/api/v1/hosts/" + inventory.host(name, "127.0.0.9", port, null);
        var body = hostBody(name, "127.0.0.10", port, null);

        assertThat(inventory.put(path, body).status()).isEqualTo(428);
        assertThat(inventory.put(path, body, "If-Match", "\"v7\"").status()).isEqualTo(412);
        var done = inventory.put(path, body, "If-Match", "\"v1\"");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.header("ETag")).isEqualTo("\"v2\"");
        assertThat(inventory.put(path, body, "If-Match", "\"v1\"").status()).isEqualTo(412);
        assertThat(inventory.get(path).text("address")).isEqualTo("127.0.0.10");
    }

    @Test
    void aCreationSentTwiceUnderOneKeyIsDoneOnce() {
        var name = unique("idem");
        var body = hostBody(name, "127.0.0.9", PORTS.incrementAndGet(), null);
        var key = UUID.randomUUID().toString();

        var first = inventory.post("/api/v1/hosts", body, "Idempotency-Key", key);
        var second = inventory.post("/api/v1/hosts", body, "Idempotency-Key", key);
        var other = inventory.post(
                "/api/v1/hosts",
                hostBody(unique("x"), "127.0.0.9", PORTS.incrementAndGet(), null),
                "Idempotency-Key",
                key);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text("hostId")).isEqualTo(first.text("hostId"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(inventory.all("/api/v1/hosts?q=" + name)).hasSize(1);
    }

    @Test
    void aListIsReadPageByPageInOrderWhateverIsFiltered() {
        var prefix = unique("page");
        var names = IntStream.range(0, 23)
                .mapToObj(i -> prefix + "-" + (char) ('a' + i))
                .toList();
        var shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(this::host);

        assertThat(namesOf(inventory.all("/api/v1/hosts?limit=5&q=" + prefix))).isEqualTo(names);
        assertThat(namesOf(inventory.all("/api/v1/hosts?limit=23&q=" + prefix))).isEqualTo(names);
        assertThat(namesOf(inventory.all("/api/v1/hosts?limit=4&status=retired&q=" + prefix)))
                .isEmpty();
        assertThat(namesOf(inventory.all("/api/v1/hosts?limit=500"))).containsAll(names);
        assertThat(inventory.all("/api/v1/hosts?q=" + prefix.replace("page", "pa_e")))
                .isEmpty();
    }

    private static List<String> namesOf(List<JsonNode> hosts) {
        return hosts.stream().map(host -> host.path("name").asText()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "limit=x",
                "after=nonsense",
                "after=YQ",
                "status=happy",
                "product=excel",
                "deployment=kcm-eu"
            })
    void aListRefusesWhatItDoesNotUnderstand(String query) {
        var answer = inventory.get("/api/v1/hosts?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("next")).isNotBlank();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        var nobody = UUID.randomUUID();

        assertThat(inventory.get("/api/v1/hosts/" + nobody).status()).isEqualTo(404);
        assertThat(inventory.get("/api/v1/hosts/" + nobody + "/facts").status()).isEqualTo(404);
        assertThat(inventory.get("/api/v1/deployments/" + nobody).status()).isEqualTo(404);
        assertThat(inventory.post("/api/v1/hosts/" + nobody + "/probes", "").status())
                .isEqualTo(404);
        assertThat(inventory.get("/api/v1/hosts/not-an-id").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"viewer, 200, 403", "operator, 200, 201", "approver, 200, 403", "admin, 200, 201", "service, 200, 403"})
    void rolesMayWhatTheTableSays(String role, int read, int write) {
        assertThat(inventory.send("GET", "/api/v1/hosts", null, token(role)).status())
                .isEqualTo(read);
        var body = hostBody(unique("role"), "127.0.0.9", PORTS.incrementAndGet(), null);
        assertThat(inventory.send("POST", "/api/v1/hosts", body, token(role)).status())
                .isEqualTo(write);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/hosts/{id}/retirement",
        "POST, /api/v1/hosts/{id}/probes",
        "POST, /api/v1/hosts/{id}/host-key",
        "PUT, /api/v1/hosts/{id}",
        "POST, /api/v1/deployments",
        "PUT, /api/v1/deployments/{id}",
        "POST, /api/v1/deployments/{id}/retirement",
        "POST, /api/v1/imports?format=csv"
    })
    void aViewerGivesNoCommandAndNobodyDoesAnything(String method, String path) {
        var at = path.replace("{id}", UUID.randomUUID().toString());

        assertThat(inventory.send(method, at, "{}", token("viewer")).status()).isEqualTo(403);
        assertThat(inventory.send(method, at, "{}", null).status()).isEqualTo(401);
        assertThat(inventory
                        .send(method, at, "{}", TestTokens.forged("eve", "admin"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aDeploymentIsRegisteredChangedAndRetiredAndEveryoneHearsOfIt() {
        var one = unique("m1");
        var two = unique("m2");
        host(one);
        var twoId = host(two);
        var name = unique("kcm-eu");
        var created =
                inventory.post("/api/v1/deployments", deploymentBody(name, "keeper-connection-manager", one, "{}"));
        assertThat(created.status()).isEqualTo(201);
        var path = created.header("Location");
        var id = created.text("deploymentId");

        var changed = inventory.put(
                path,
                deploymentBody(name, "keeper-connection-manager", twoId, "{\"window\":\"sunday\"}"),
                "If-Match",
                created.header("ETag"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body().path("members").path(0).path("host").asText()).isEqualTo(two);
        assertThat(inventory.put(path, "{}", "If-Match", "\"v1\"").status()).isEqualTo(412);
        var inUse = inventory.post("/api/v1/hosts/" + twoId + "/retirement", "{\"reason\":\"x\"}");
        assertThat(inUse.problem()).isEqualTo("host-in-use");
        assertThat(inventory.post(path + "/retirement", "{\"reason\":\"x\"}").status())
                .isEqualTo(200);

        assertThat(inventory.eventNames(id, 3))
                .containsExactly("DeploymentRegistered", "DeploymentChanged", "DeploymentChanged");
        assertThat(inventory.events(id))
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
        var states = KafkaProbe.shared()
                .await(Channel.INVENTORY_DEPLOYMENTS.topic(), 3, message -> id.equals(message.key()));
        assertThat(states.get(1).value()).contains("sunday");
        assertThat(states.get(2).value()).as("tombstone").isNull();
    }

    @Test
    void membersAreListedByTheirDeploymentAndDeploymentsByTheirMember() {
        var names = List.of(unique("a"), unique("b"), unique("c"));
        var ids = names.stream().map(this::host).toList();
        host(unique("stranger"));
        var name = unique("kcm-eu");
        var deployment = inventory
                .post("/api/v1/deployments", """
                        {"name": "%s", "product": "keeper-connection-manager", "members": [
                          {"host": "%s", "role": "node"}, {"host": "%s", "role": "node"}, {"host": "%s", "role": "node"}]}
                        """.formatted(name, names.get(2), names.get(0), names.get(1)))
                .text("deploymentId");

        assertThat(namesOf(inventory.all("/api/v1/hosts?limit=2&deployment=" + deployment)))
                .isEqualTo(names);
        assertThat(inventory.all("/api/v1/hosts?deployment=" + UUID.randomUUID()))
                .isEmpty();
        assertThat(namesOf(inventory.all("/api/v1/deployments?host=" + ids.get(1))))
                .containsExactly(name);
        assertThat(inventory.all("/api/v1/deployments?product=igel-ums&host=" + ids.get(1)))
                .isEmpty();
    }

    @Test
    void aHostBelongsToOneDeploymentOfAProduct() throws SQLException {
        var member = unique("m");
        var hostId = host(member);
        var first = inventory.post(
                "/api/v1/deployments", deploymentBody(unique("one"), "keeper-connection-manager", member, "{}"));
        var second = inventory.post(
                "/api/v1/deployments", deploymentBody(unique("two"), "keeper-connection-manager", member, "{}"));
        var otherProduct =
                inventory.post("/api/v1/deployments", deploymentBody(unique("three"), "igel-ums", member, "{}"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.problem()).isEqualTo("host-in-other-deployment");
        assertThat(otherProduct.status()).isEqualTo(201);
        try (var database = inventory.database();
                var insert = database.prepareStatement("""
                        insert into deployment_member (deployment_id, product, retired, position, host_id, role)
                        select d.id, d.product, false, 7, ?::uuid, 'node' from deployment d where d.id <> ?::uuid
                          and d.product = 'keeper-connection-manager' and not d.retired limit 1
                        """)) {
            inventory.post(
                    "/api/v1/deployments",
                    "{\"name\":\"%s\",\"product\":\"keeper-connection-manager\"}".formatted(unique("four")));
            insert.setString(1, hostId);
            insert.setString(2, first.text("deploymentId"));
            assertThat(catchThrowable(insert::executeUpdate))
                    .as("the database keeps it too")
                    .hasMessageContaining("member_once_a_product");
        }
    }

    @Test
    @Clause("C3")
    void aCloudDeploymentWithoutItsGatewayIsRefusedAndTheDatabaseAgrees() throws SQLException {
        var member = unique("cm");
        host(member);
        var off = inventory.post(
                "/api/v1/deployments",
                deploymentBody(
                        unique("cm"),
                        "pcoip-connection-manager",
                        member,
                        "{\"location\":\"cloud\",\"securityGateway\":\"off\"}"));
        var unsaid = inventory.post(
                "/api/v1/deployments",
                deploymentBody(unique("cm"), "pcoip-connection-manager", member, "{\"location\":\"cloud\"}"));

        assertThat(off.status()).isEqualTo(400);
        assertThat(off.text("detail")).contains("always on");
        assertThat(unsaid.body().path("settings").path("securityGateway").asText())
                .isEqualTo("on");
        try (var database = inventory.database();
                var update = database.prepareStatement(
                        "update deployment set settings = settings || '{\"securityGateway\":\"off\"}' where id = ?::uuid")) {
            update.setString(1, unsaid.text("deploymentId"));
            assertThat(catchThrowable(update::executeUpdate)).hasMessageContaining("cloud_has_the_gateway");
        }
    }

    @Test
    void aDeploymentOfUnknownHostsOrProductIsRefusedWithEachFlaw() {
        var answer = inventory.post(
                "/api/v1/deployments",
                "{\"name\":\"%s\",\"product\":\"igel-ums\",\"members\":[{\"host\":\"nowhere\"},{\"host\":\"%s\"}]}"
                        .formatted(unique("d"), UUID.randomUUID()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactly("members[0].host", "members[1].host");
    }

    @Test
    void anImportTakesTheGoodLinesNamesTheBadOnesAndChangesNothingTheSecondTime() {
        var p = unique("imp");
        var csv = """
                name,address,port,user,credential,host_key,deployment,product,role,labels
                %1$s-1,127.0.0.9,%2$d,root,fleet,,%1$s-d,keeper-connection-manager,,site=fra
                %1$s-2,127.0.0.9,%3$d,,fleet,,%1$s-d,,,
                %1$s-3,127.0.0.9,%3$d,root,fleet,,%1$s-d,,,
                """.formatted(p, PORTS.incrementAndGet(), PORTS.incrementAndGet());

        var dry = inventory.post(
                "/api/v1/imports?format=csv&dryRun=true", csv, "Content-Type", "text/csv; charset=utf-8");
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.body().path("created").asInt()).isEqualTo(2);
        assertThat(inventory.all("/api/v1/hosts?q=" + p)).isEmpty();

        var first = inventory.importFile("csv", csv);
        assertThat(first.body().path("created").asInt()).isEqualTo(2);
        assertThat(first.body().path("deployments").asInt()).isEqualTo(1);
        assertThat(first.body().path("rejected")).hasSize(1);
        assertThat(first.body().path("rejected").path(0).path("line").asInt()).isEqualTo(3);
        assertThat(first.body().path("rejected").path(0).path("field").asText()).isEqualTo("user");
        assertThat(namesOf(inventory.all("/api/v1/hosts?q=" + p))).containsExactly(p + "-1", p + "-3");

        var second = inventory.importFile("csv", csv);
        assertThat(second.body().path("created").asInt()).isZero();
        assertThat(second.body().path("updated").asInt()).isZero();
        assertThat(second.body().path("unchanged").asInt()).isEqualTo(2);
        assertThat(second.body().path("deployments").asInt()).isZero();

        var third = inventory.importFile("csv", csv.replace("site=fra", "tier=prod"));
        assertThat(third.body().path("updated").asInt()).isEqualTo(1);
        var host = inventory.all("/api/v1/hosts?q=" + p + "-1").getFirst();
        assertThat(host.path("labels").toString()).isEqualTo("{\"site\":\"fra\",\"tier\":\"prod\"}");
        var deployment = inventory.all("/api/v1/deployments").stream()
                .filter(each -> each.path("name").asText().equals(p + "-d"))
                .findFirst()
                .orElseThrow();
        assertThat(deployment.path("members").findValuesAsText("host")).containsExactly(p + "-1", p + "-3");
    }

    @Test
    void anAnsibleInventoryIsTakenInBothForms() {
        var p = unique("ans");
        var ini = """
                [%1$s]
                %1$s-[01:03] ansible_host=127.0.0.9 ansible_user=root interlock_credential=fleet
                [%1$s:vars]
                interlock_product=keeper-connection-manager
                """.formatted(p);
        var clash = inventory.importFile("ansible-ini", ini);
        assertThat(clash.body().path("created").asInt())
                .as("three hosts at one address")
                .isEqualTo(1);
        assertThat(clash.body().path("rejected")).hasSize(2);

        var yaml = """
                %1$s:
                  vars: {interlock_product: keeper-connection-manager, ansible_user: root, interlock_credential: fleet}
                  hosts:
                    %1$s-02: {ansible_host: 127.0.0.9, ansible_port: %2$d}
                    %1$s-03: {ansible_host: 127.0.0.9, ansible_port: %3$d}
                """.formatted(p, PORTS.incrementAndGet(), PORTS.incrementAndGet());
        var report = inventory.importFile("ansible-yaml", yaml);
        assertThat(report.body().path("created").asInt()).isEqualTo(2);
        assertThat(report.body().path("rejected")).isEmpty();
        var deployment = inventory.all("/api/v1/deployments?product=keeper-connection-manager").stream()
                .filter(each -> each.path("name").asText().equals(p))
                .findFirst()
                .orElseThrow();
        assertThat(deployment.path("members").findValuesAsText("host"))
                .containsExactly(p + "-01", p + "-02", p + "-03");
    }

    @Test
    void anImportOfAnUnknownFormatIsRefused() {
        assertThat(inventory.importFile("excel", "x").status()).isEqualTo(400);
        assertThat(inventory.importFile("csv", "").body().path("rejected")).hasSize(1);
    }

    @Test
    void theEstateIsSummedUpAndWhatNeedsAPersonIsNamed() throws SQLException {
        var before = inventory.get("/api/v1/estate").body();
        var changed = host(unique("a-changed"));
        var off = host(unique("b-off"));
        var well = unique("c-well");
        host(well);
        var deployment = unique("d");
        inventory.post("/api/v1/deployments", deploymentBody(deployment, "igel-ums", well, "{}"));
        try (var database = inventory.database();
                var write = database.createStatement()) {
            var trouble =
                    "{\"reason\":\"r\",\"detail\":\"d\",\"next\":\"n\",\"since\":\"2026-03-01T12:00:00Z\",\"failures\":2}";
            write.execute(
                    "update host set status = 'host-key-changed', pinned_key = 'ssh-ed25519 AAAA', presented_key ="
                            + " 'ssh-ed25519 BBBB', trouble = '" + trouble + "' where id = '" + changed + "'");
            write.execute("update host set status = 'unreachable', skewed = true, trouble = '" + trouble
                    + "' where id = '" + off + "'");
            write.execute(
                    "insert into host_component (host_id, product, version, variant, name_key) select id, 'igel-ums',"
                            + " '12.05.100', 'server', name_key from host where name = '" + well + "'");
            write.execute("insert into deployment_condition (deployment_id) select id from deployment where name = '"
                    + deployment + "'");
            write.execute(
                    "insert into orphan (deployment_id, kind, orphan_id, registered_name, since) select id, 'server',"
                            + " 'x', 'ghost', now() from deployment where name = '" + deployment + "'");
        }

        var estate = inventory.get("/api/v1/estate").body();

        assertThat(estate.path("hosts").asInt()).isEqualTo(before.path("hosts").asInt() + 3);
        assertThat(estate.path("hostsByStatus").path("host-key-changed").asInt())
                .isEqualTo(before.path("hostsByStatus").path("host-key-changed").asInt() + 1);
        assertThat(estate.path("hostsByStatus").path("unreachable").asInt())
                .as("without a credential others become so meanwhile")
                .isGreaterThan(before.path("hostsByStatus").path("unreachable").asInt());
        assertThat(estate.path("hostsByStatus").has("retired")).isFalse();
        assertThat(estate.path("keysWaiting").asInt())
                .isEqualTo(before.path("keysWaiting").asInt() + 1);
        assertThat(estate.path("clocksOff").asInt())
                .isEqualTo(before.path("clocksOff").asInt() + 1);
        assertThat(estate.path("troubledHosts").findValuesAsText("hostId"))
                .startsWith(changed)
                .contains(off);
        assertThat(estate.path("troubledHosts").path(0).path("keyWaiting").asBoolean())
                .isTrue();
        assertThat(estate.path("troubledHosts")
                        .path(0)
                        .path("trouble")
                        .path("failures")
                        .asInt())
                .isEqualTo(2);
        assertThat(estate.path("deployments"))
                .anySatisfy(
                        each -> assertThat(each.toString())
                                .isEqualTo(
                                        "{\"product\":\"igel-ums\",\"versions\":[\"12.05.100\"],\"deployments\":1,\"hosts\":1}"));
        assertThat(estate.path("flawedDeployments")).anySatisfy(each -> {
            assertThat(each.path("name").asText()).isEqualTo(deployment);
            assertThat(each.path("orphans").asInt()).isEqualTo(1);
            assertThat(each.path("clocksApart").asBoolean()).isFalse();
        });
    }

    @Test
    void theServiceDescribesItself() {
        var document = inventory.send("GET", "/openapi", null, token("viewer"));

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.body().asText())
                .contains("/api/v1/hosts/{id}/host-key", "/api/v1/imports", "/api/v1/deployments/{id}/retirement");
    }

    /** List pages stay flat: neither a page in the middle nor the look at what is due reads or sorts the table. */
    @Test
    void pagesOfAHundredThousandHostsAreReadFromAnIndex() throws SQLException {
        var middle = "(h.name_key, h.id) > ('big-050000', '00000000-0000-0000-0000-000000000001')";
        try (var database = inventory.database();
                var statement = database.createStatement()) {
            database.setAutoCommit(false);
            statement.execute("""
                    insert into host (id, name, address, port, login, credential, found_by, status, version, created_at, probe_at)
                    select gen_random_uuid(), 'big-' || lpad(i::text, 6, '0'), '10.' || i / 65536 || '.' || i / 256 % 256 || '.'
                        || i % 256, 22, 'root', 'fleet', 'api', case when i % 50 = 0 then 'unreachable' else 'new' end, 1, now(),
                        now() + interval '1 day' + i * interval '1 second'
                    from generate_series(1, 100000) i
                    """);
            statement.execute("analyze host");
            for (var query : List.of(
                    "select h.* from host h where h.status <> 'retired' and " + middle
                            + " order by h.name_key, h.id limit 51",
                    "select h.* from host h where h.status = 'unreachable' and " + middle
                            + " order by h.name_key, h.id limit 51",
                    "select id from host where probe_at <= now() order by probe_at limit 200")) {
                var plan = new StringBuilder();
                try (var rows = statement.executeQuery("explain " + query)) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                assertThat(plan.toString())
                        .as("an incremental sort is of rows of one name only")
                        .contains("Index")
                        .doesNotContain("Seq Scan", "->  Sort");
            }
            database.rollback();
        }
    }
}
