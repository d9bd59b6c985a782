package dev.interlock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.Channel;
import dev.interlock.inventory.InventoryUnderTest.Answer;
import dev.interlock.inventory.ShellHost.Behaviour;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PublishedContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real SSH to a real shell, and what the world hears of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbingTest {

    private final KeyPair client = ShellHost.newKey();
    private InventoryUnderTest inventory;
    private ShellHost host;

    @TempDir
    Path directory;

    @BeforeAll
    void start(@TempDir Path credentials) throws IOException {
        ShellHost.store(client, credentials);
        inventory = InventoryUnderTest.start(
                credentials,
                Map.of(
                        "interlock.inventory.probe.every", "1h",
                        "interlock.inventory.probe.first-retry", "1h",
                        "interlock.inventory.probe.last-retry", "1h",
                        "interlock.inventory.probe.timeout.total", "2s",
                        "interlock.ssh.connect", "2s"));
    }

    @AfterAll
    void stop() {
        inventory.close();
    }

    @BeforeEach
    void startHost() throws IOException {
        host = new ShellHost(Files.createTempDirectory(directory, "host"), client);
    }

    @AfterEach
    void stopHost() throws IOException {
        host.close();
    }

    private String register() {
        return inventory.host("kcm-" + UUID.randomUUID(), "127.0.0.1", host.port(), host.publicKey());
    }

    /** The data without the blanks that the database put in. */
    private static String text(KafkaProbe.Message message) {
        return String.valueOf(message.value()).replaceAll("(?<=[\":,]) ", "");
    }

    private static String trouble(Answer host) {
        return host.body().path("trouble").path("reason").asText();
    }

    @Test
    void aHostIsReadAsSoonAsItIsRegisteredAndEveryoneHearsOfIt() {
        var id = register();
        var seen = inventory.awaitStatus(id, "reachable");

        assertThat(seen.body().path("components").path(0).path("version").asText())
                .isEqualTo("1.4.0");
        assertThat(seen.body().path("facts").path("units").path("guacd").asText())
                .isEqualTo("active");
        assertThat(seen.body().path("facts").path("ports").toString()).isEqualTo("[4822,8080]");
        assertThat(seen.body().path("clock").path("errorMillis").asLong()).isLessThan(2000);
        assertThat(inventory.eventNames(id, 1)).containsExactly("HostDiscovered");
        assertThat(inventory.events(id))
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
        var states = KafkaProbe.shared().await(Channel.INVENTORY_HOSTS.topic(), 2, message -> id.equals(message.key()));
        assertThat(states)
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
        assertThat(text(states.getFirst())).contains("\"status\":\"new\"");
        assertThat(text(states.getLast())).contains("\"status\":\"reachable\"", "\"kcm-guacd\":\"1.4.0\"");
    }

    @Test
    void anotherVersionIsToldWithEachFactAndKeptInTheHistoryAndNothingElseIsSaid() throws IOException {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        inventory.probe(id);
        host.has("1.5.0");
        inventory.probe(id);
        inventory.probe(id);

        assertThat(inventory.eventNames(id, 3))
                .containsExactly("HostDiscovered", "HostFactsChanged", "ComponentVersionChanged");
        assertThat(text(inventory.events(id).getLast()))
                .contains("\"fromVersion\":\"1.4.0\"", "\"toVersion\":\"1.5.0\"");
        var history = inventory.get("/api/v1/hosts/" + id + "/facts").body().path("items");
        assertThat(history).hasSize(2);
        assertThat(history.path(0).path("changes").toString()).contains("packages.kcm-guacd", "1.4.0", "1.5.0");
        assertThat(inventory.all("/api/v1/hosts?product=keeper-connection-manager"))
                .anySatisfy(each -> assertThat(each.path("hostId").asText()).isEqualTo(id));
    }

    @Test
    @Clause("K3")
    void pendingUpdatesAreListedAndNothingIsApplied() throws IOException {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        var none = inventory.probe(id);
        assertThat(none.body().path("pendingUpdates").toString()).isEqualTo("{}");

        host.program("dnf", """
                [ "$1 $2 $3" = '-q list updates' ] || { echo "not a question: $*" >> "${0%/*}/applied"; exit 9; }
                echo 'Available Upgrades'
                echo 'kcm-guacd.noarch  1.5.0-1.el9  vendor'""");
        var some = inventory.probe(id);

        assertThat(some.body().path("pendingUpdates").toString()).isEqualTo("{\"kcm-guacd\":\"1.5.0\"}");
        assertThat(some.body().path("components").path(0).path("version").asText())
                .isEqualTo("1.4.0");
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.endsWith("applied"))).isEmpty();
        }
    }

    @Test
    void aHostThatDoesNotAnswerIsTriedTwiceAndToldOnceAndFoundAgain() throws IOException {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        host.stop();
        var down = inventory.probe(id);
        var still = inventory.probe(id);
        host.start();
        inventory.probe(id);

        assertThat(down.text("status")).isEqualTo("unreachable");
        assertThat(trouble(down)).isEqualTo("refused");
        assertThat(still.body().path("trouble").path("failures").asInt()).isEqualTo(2);
        assertThat(inventory.eventNames(id, 3)).containsExactly("HostDiscovered", "HostUnreachable", "HostReachable");
        assertThat(inventory.events(id))
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
    }

    @Test
    void eachWayToFailHasItsOwnReasonAndANextStep() {
        var id = register();
        inventory.awaitStatus(id, "reachable");

        host.behaviour = Behaviour.GARBAGE;
        var garbage = inventory.probe(id);
        host.behaviour = Behaviour.DROP;
        var drop = inventory.probe(id);
        host.behaviour = Behaviour.HANG;
        var hang = inventory.probe(id);
        host.behaviour = Behaviour.HEALTHY;

        assertThat(trouble(garbage)).isEqualTo("command-failed");
        assertThat(garbage.body().path("trouble").path("detail").asText()).contains("currently not available");
        assertThat(trouble(drop)).isEqualTo("connection-lost");
        assertThat(trouble(hang)).isEqualTo("timed-out");
        assertThat(hang.body().path("trouble").path("next").asText()).isNotBlank();
        assertThat(inventory.probe(id).text("status")).isEqualTo("reachable");
        assertThat(inventory.eventNames(id, 3)).containsExactly("HostDiscovered", "HostUnreachable", "HostReachable");
    }

    @Test
    void withoutAPersonsWordAHostIsNotLoggedInTo() {
        var id = inventory.host("unpinned-" + UUID.randomUUID(), "127.0.0.1", host.port(), null);
        var waiting = Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> inventory.get("/api/v1/hosts/" + id),
                        answer -> answer.body().path("presentedHostKey").isTextual());

        assertThat(waiting.text("status")).isEqualTo("new");
        assertThat(waiting.text("presentedHostKey")).isEqualTo(host.publicKey());
        assertThat(waiting.body().path("trouble").path("next").asText()).contains("/hosts/" + id + "/host-key");
        assertThat(host.logins).hasValue(0);
        assertThat(inventory.events(id)).isEmpty();

        var accepted =
                inventory.post("/api/v1/hosts/" + id + "/host-key", "{\"hostKey\":\"" + host.publicKey() + "\"}");
        assertThat(accepted.status()).isEqualTo(200);
        inventory.awaitStatus(id, "reachable");
        assertThat(inventory.eventNames(id, 1)).containsExactly("HostDiscovered");
    }

    @Test
    void aChangedKeyStopsEverythingUntilSomebodyAcceptsIt() throws IOException {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        host.changeKey();
        int logins = host.logins.get();
        var stopped = inventory.probe(id);

        assertThat(stopped.text("status")).isEqualTo("host-key-changed");
        assertThat(stopped.body().path("nextProbeAt").isMissingNode()
                        || stopped.body().path("nextProbeAt").isNull())
                .as("nobody probes it again by himself")
                .isTrue();
        assertThat(host.logins).hasValue(logins);

        inventory.post("/api/v1/hosts/" + id + "/host-key", "{\"hostKey\":\"" + host.publicKey() + "\"}");
        inventory.awaitStatus(id, "reachable");
        assertThat(inventory.eventNames(id, 3)).containsExactly("HostDiscovered", "HostKeyChanged", "HostReachable");
        assertThat(inventory.events(id))
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
    }

    @Test
    @Clause("G5")
    void aClockMoreThanAMinuteOffIsToldAndToldAgainWhenItIsRight() throws IOException {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        host.clock(Duration.ofSeconds(30));
        inventory.probe(id);
        host.clock(Duration.ofMinutes(-2));
        var skewed = inventory.probe(id);
        inventory.probe(id);
        host.clock(Duration.ZERO);
        inventory.probe(id);

        assertThat(skewed.body().path("clock").path("offsetMillis").asLong()).isBetween(-122_000L, -118_000L);
        assertThat(skewed.body().path("clock").path("skewed").asBoolean()).isTrue();
        assertThat(inventory.eventNames(id, 3))
                .containsExactly("HostDiscovered", "ClockSkewDetected", "ClockSkewCleared");
        assertThat(inventory.events(id))
                .allSatisfy(message ->
                        assertThat(PublishedContract.breaches(message)).isEmpty());
    }

    @Test
    void anUnknownCredentialIsNamedWithWhatToDo() {
        var body = InventoryUnderTest.hostBody("nc-" + UUID.randomUUID(), "127.0.0.1", host.port(), host.publicKey())
                .replace("\"fleet\"", "\"nobody-stored-this\"");
        var id = inventory.post("/api/v1/hosts", body).text("hostId");
        var down = inventory.awaitStatus(id, "unreachable");

        assertThat(trouble(down)).isEqualTo("credential-missing");
        assertThat(down.body().path("trouble").path("detail").asText()).contains("nobody-stored-this");
    }

    @Test
    void aRetiredHostIsToldOfAndThenForgottenOnTheCompactedTopic() {
        var id = register();
        inventory.awaitStatus(id, "reachable");
        var retired = inventory.post("/api/v1/hosts/" + id + "/retirement", "{\"reason\":\"scrapped\"}");

        assertThat(retired.text("status")).isEqualTo("retired");
        assertThat(inventory.eventNames(id, 2)).containsExactly("HostDiscovered", "HostRetired");
        var states = KafkaProbe.shared().await(Channel.INVENTORY_HOSTS.topic(), 4, message -> id.equals(message.key()));
        assertThat(text(states.get(2))).contains("\"status\":\"retired\"");
        assertThat(states.get(3).value()).as("tombstone").isNull();
        assertThat(inventory.post("/api/v1/hosts/" + id + "/probes", "").problem())
                .isEqualTo("host-retired");
    }
}
