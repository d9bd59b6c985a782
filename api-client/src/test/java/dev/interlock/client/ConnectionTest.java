package dev.interlock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.interlock.client.inventory.Host;
import dev.interlock.client.inventory.HostBody;
import dev.interlock.client.inventory.HostPage;
import dev.interlock.client.inventory.HostsApi;
import dev.interlock.client.inventory.ImportsApi;
import dev.interlock.client.license.ActivationRequestsApi;
import dev.interlock.client.license.PoolsApi;
import dev.interlock.client.license.SessionsApi;
import dev.interlock.client.upgrade.RunEvent;
import dev.interlock.client.upgrade.RunsApi;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all the generated operations share, over real HTTP. */
@Timeout(30)
class ConnectionTest {

    private static final HostBody KCM = new HostBody()
            .withName("kcm-01")
            .withAddress("10.0.0.21")
            .withUser("root")
            .withCredential("fleet");

    @Test
    void aRefusalIsAProblemWithEverythingThatTheServiceSaid() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 409, """
                        {"type":"/problems/host-taken","title":"Another host has this name or address","status":409,
                         "detail":"There is a host kcm-01 already.","next":"Change that host instead.",
                         "instance":"/api/v1/hosts","hostId":"h1"}
                        """))) {
            var refused = catchThrowableOfType(
                    ProblemException.class, () -> new HostsApi(server.connection()).registerHost(KCM));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.problem())
                    .returns("/problems/host-taken", Problem::type)
                    .returns("host-taken", Problem::name)
                    .returns("Another host has this name or address", Problem::title)
                    .returns("There is a host kcm-01 already.", Problem::detail)
                    .returns("Change that host instead.", Problem::next)
                    .returns("/api/v1/hosts", Problem::instance);
            assertThat(refused.problem().json().path("hostId").asText()).isEqualTo("h1");
            assertThat(refused)
                    .hasMessageEndingWith("answered 409: Another host has this name or address: There is a host kcm-01"
                            + " already. Change that host instead.");
        }
    }

    @Test
    void whatRefusesWithoutAProblemIsToldByItsStatus() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 502, "<html>"))) {
            var refused =
                    catchThrowableOfType(ProblemException.class, () -> new HostsApi(server.connection()).listHosts());
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.problem().json().isEmpty()).isTrue();
            assertThat(refused.problem().name()).isNull();
            assertThat(refused).hasMessageEndingWith("answered 502");
        }
    }

    @Test
    void aNewerServicesMembersAndWordsAreKept() throws IOException {
        try (var server = new RecordingServer(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"v3\"");
            RecordingServer.answer(exchange, 200, """
                    {"hostId":"h1","name":"kcm-01","status":"asleep","colour":{"name":"red"},"seenAt":"2026-11-21T20:15:30.123Z"}
                    """);
        })) {
            Answer<Host> answer = new HostsApi(server.connection()).showHost("h1");
            assertThat(answer.value().status()).isEqualTo("asleep");
            assertThat(answer.value().seenAt()).isEqualTo(Instant.parse("2026-11-21T20:15:30.123Z"));
            assertThat(answer.value().osName()).isNull();
            assertThat(answer.json().at("/colour/name").asText()).isEqualTo("red");
            assertThat(answer.value()
                            .withName("other")
                            .json()
                            .at("/colour/name")
                            .asText())
                    .isEqualTo("red");
            assertThat(answer.etag()).contains("\"v3\"");
            assertThat(answer.replayed()).isFalse();
        }
    }

    @Test
    void whatIsNotThereOrOfAnotherKindIsNoticedWhenItIsRead() throws IOException {
        try (var server = new RecordingServer(
                exchange -> RecordingServer.answer(exchange, 200, "{\"name\":\"kcm-01\",\"port\":\"many\"}"))) {
            Host host = new HostsApi(server.connection()).showHost("h1").value();
            assertThat(host.name()).isEqualTo("kcm-01");
            assertThatExceptionOfType(MalformedAnswerException.class)
                    .isThrownBy(host::address)
                    .withMessage("The service's answer has no address.");
            assertThatExceptionOfType(MalformedAnswerException.class)
                    .isThrownBy(host::port)
                    .withMessage("The service's answer has a port that cannot be read: \"many\"");
        }
    }

    @Test
    void anythingElseThatListensThereIsTold() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 200, "<html>"))) {
            assertThatExceptionOfType(MalformedAnswerException.class)
                    .isThrownBy(() -> new HostsApi(server.connection()).listHosts())
                    .withMessageEndingWith("is not JSON");
        }
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 200, "[1]"))) {
            assertThatExceptionOfType(MalformedAnswerException.class)
                    .isThrownBy(() -> new HostsApi(server.connection()).listHosts());
        }
    }

    @Test
    void whereNothingListensNothingWasAsked() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (var connection = Connection.to(URI.create("http://127.0.0.1:" + free), () -> "secret")) {
            assertThatExceptionOfType(UnreachableException.class)
                    .isThrownBy(() -> new HostsApi(connection).listHosts())
                    .satisfies(failure -> assertThat(failure.connection()).isSameAs(connection));
        }
    }

    @Test
    void anAnswerThatDoesNotComeOrDoesNotEndIsNotWaitedForLongerThanSaid() throws IOException {
        var over = new CountDownLatch(1);
        try (var server = new RecordingServer(exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/pools")) {
                await(over);
            }
            exchange.sendResponseHeaders(200, 0);
            RecordingServer.flush(exchange, "{\"items\":[");
            await(over);
        })) {
            var hasty = server.connection().within(Duration.ofSeconds(5), Duration.ofMillis(300));
            assertThatExceptionOfType(TimedOutException.class)
                    .as("no headers")
                    .isThrownBy(() -> new PoolsApi(hasty).listPools());
            assertThatExceptionOfType(TimedOutException.class)
                    .as("half a body")
                    .isThrownBy(() -> new HostsApi(hasty).listHosts());
            var half = new ActivationRequestsApi(hasty)
                    .downloadActivationRequest("r1")
                    .value();
            assertThatExceptionOfType(TimedOutException.class).as("half a file").isThrownBy(half::bytes);
            over.countDown();
        }
    }

    @Test
    void aConnectionThatBreaksIsToldAsThat() throws IOException {
        try (var server = new RecordingServer(exchange -> exchange.sendResponseHeaders(200, 100))) {
            assertThatExceptionOfType(BrokenConnectionException.class)
                    .isThrownBy(() -> new HostsApi(server.connection()).listHosts());
        }
    }

    @Test
    void aThreadThatIsInterruptedStopsWaitingAndStaysInterrupted() throws IOException {
        var over = new CountDownLatch(1);
        try (var server = new RecordingServer(exchange -> await(over))) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CallInterruptedException.class)
                    .isThrownBy(() -> new HostsApi(server.connection()).listHosts());
            assertThat(Thread.interrupted()).isTrue();
            over.countDown();
        }
    }

    @Test
    void whatAPersonNamesCannotLeadToAnotherPathOrParameter() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 200, "{}"))) {
            var pools = new PoolsApi(server.connection());
            pools.showPool("a/b?c=d&e f%{code}ü");
            new HostsApi(server.connection())
                    .listHosts(new HostsApi.ListHosts().q("a&status=new #ü+").limit(5));
            assertThat(server.asked().stream().map(String::valueOf))
                    .containsExactly(
                            "GET /api/v1/pools/a%2Fb%3Fc%3Dd%26e%20f%25%7Bcode%7D%C3%BC",
                            "GET /api/v1/hosts?limit=5&q=a%26status%3Dnew%20%23%C3%BC%2B");
            for (String nowhere : List.of("", ".", "..")) {
                assertThatExceptionOfType(PathPartException.class)
                        .isThrownBy(() -> pools.showPool(nowhere))
                        .withMessage("'" + nowhere + "' is no code.");
            }
            assertThat(server.asked()).hasSize(2);
        }
    }

    @Test
    void anAddressThatIsNoneIsRefusedAtOnce() {
        for (String wrong : List.of("localhost:8081", "ftp://localhost", "/api", "http:/localhost")) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> Connection.to(URI.create(wrong), () -> "secret"))
                    .withMessage("'" + wrong + "' is no http address, such as http://localhost:8081.");
        }
    }

    @Test
    void allFourServicesCanBeReachedOverTheEdge() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 200, "{}"))) {
            URI edge = URI.create(server.connection().address() + "/");
            new PoolsApi(Connection.throughEdge(edge, "licenses", () -> "secret")).showPool("a");
            new RunsApi(Connection.throughEdge(edge, "upgrades", () -> "secret"))
                    .listRuns(new RunsApi.ListRuns().limit(1));
            assertThat(server.asked().stream().map(String::valueOf))
                    .containsExactly("GET /api/licenses/v1/pools/a", "GET /api/upgrades/v1/runs?limit=1");
        }
    }

    @Test
    void aListIsReadPageByPageAndNoFurtherThanWanted() throws IOException {
        try (var server = new RecordingServer(exchange -> {
            String query = exchange.getRequestURI().getQuery();
            int page = query.contains("after=c2") ? 3 : query.contains("after=c1") ? 2 : 1;
            RecordingServer.answer(
                    exchange,
                    200,
                    "{\"items\":[{\"name\":\"h%da\"},{\"name\":\"h%db\"}],\"next\":%s}"
                            .formatted(page, page, page == 3 ? "null" : "\"c" + page + "\""));
        })) {
            var hosts = new HostsApi(server.connection());
            var wanted = new HostsApi.ListHosts().status("new");
            Pages<HostPage, Host> all = Pages.of(
                    (limit, after) -> hosts.listHosts(wanted.limit(limit).after(after)),
                    HostPage::items,
                    HostPage::next);
            var names = new ArrayList<String>();
            all.forEach(host -> names.add(host.name()));
            assertThat(names).containsExactly("h1a", "h1b", "h2a", "h2b", "h3a", "h3b");
            assertThat(server.asked().stream().map(String::valueOf))
                    .containsExactly(
                            "GET /api/v1/hosts?limit=500&status=new",
                            "GET /api/v1/hosts?limit=500&after=c1&status=new",
                            "GET /api/v1/hosts?limit=500&after=c2&status=new");

            server.asked().clear();
            var iterator = all.iterator();
            assertThat(iterator.next().name()).isEqualTo("h1a");
            assertThat(iterator.next().name()).isEqualTo("h1b");
            assertThat(server.asked())
                    .as("the second page is not asked for before it is wanted")
                    .hasSize(1);

            server.asked().clear();
            names.clear();
            assertThat(all.read(4, host -> names.add(host.name()))).as("more").isTrue();
            assertThat(names).containsExactly("h1a", "h1b", "h2a", "h2b");
            assertThat(server.asked().stream().map(String::valueOf))
                    .containsExactly(
                            "GET /api/v1/hosts?limit=4&status=new", "GET /api/v1/hosts?limit=2&after=c1&status=new");
            assertThat(all.read(null, host -> {})).as("more").isFalse();
        }
    }

    @Test
    void creationsHaveAKeyOfTheirOwnUnlessOneIsGiven() throws IOException {
        try (var server = new RecordingServer(exchange -> {
            exchange.getResponseHeaders().set("Idempotency-Replayed", "true");
            exchange.getResponseHeaders().set("Location", "/api/v1/hosts/h1");
            RecordingServer.answer(exchange, 201, "{}");
        })) {
            var hosts = new HostsApi(server.connection());
            hosts.registerHost(KCM);
            hosts.registerHost(KCM);
            var again = hosts.registerHost(KCM, new HostsApi.RegisterHost().idempotencyKey("mine"));
            assertThat(server.asked().stream().map(asked -> asked.header("Idempotency-Key")))
                    .doesNotHaveDuplicates()
                    .doesNotContainNull()
                    .contains("mine");
            assertThat(again.replayed()).isTrue();
            assertThat(again.location()).contains("/api/v1/hosts/h1");
            assertThat(server.asked().getFirst().body())
                    .isEqualTo(
                            "{\"name\":\"kcm-01\",\"address\":\"10.0.0.21\",\"user\":\"root\",\"credential\":\"fleet\"}");
            assertThat(server.asked().getFirst().header("Content-Type")).isEqualTo("application/json");
            assertThat(server.asked().getFirst().header("Authorization")).isEqualTo("Bearer secret");
        }
    }

    @Test
    void aChangeSaysWhichVersionItReplacesAndWhatLacksAMemberIsNotSent() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 200, "{}"))) {
            var hosts = new HostsApi(server.connection());
            hosts.changeHost("h1", "\"v3\"", KCM.withHostKey("ssh-ed25519 A").withHostKey(null));
            assertThat(server.asked().getFirst().header("If-Match")).isEqualTo("\"v3\"");
            assertThat(server.asked().getFirst().body()).doesNotContain("hostKey");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() ->
                            hosts.registerHost(new HostBody().withName("kcm-01").withAddress("a")))
                    .withMessage("HostBody is sent without user.");
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void filesAndTextsGoOutAndComeBackAsTheyAre() throws IOException {
        byte[] file = {0, 1, (byte) 0xff, 13, 10};
        try (var server = new RecordingServer(exchange -> {
            if (exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file);
            } else {
                RecordingServer.answer(exchange, 200, "{}");
            }
        })) {
            var requests = new ActivationRequestsApi(server.connection());
            assertThat(requests.downloadActivationRequest("r1").value().bytes()).isEqualTo(file);
            requests.uploadActivationResponse("r1", "büro".getBytes(StandardCharsets.UTF_8));
            new ImportsApi(server.connection())
                    .importInventory("csv", "name\nbüro\n", new ImportsApi.ImportInventory().dryRun(true));
            var sent = server.asked();
            assertThat(sent.get(0).header("Accept"))
                    .isEqualTo("application/octet-stream, application/problem+json;q=0.5");
            assertThat(sent.get(1).header("Content-Type")).isEqualTo("application/octet-stream");
            assertThat(sent.get(1).body()).isEqualTo("büro");
            assertThat(sent.get(2)).hasToString("POST /api/v1/imports?format=csv&dryRun=true");
            assertThat(sent.get(2).header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(sent.get(2).body()).isEqualTo("name\nbüro\n");
        }
    }

    @Test
    void whatHasNoAnswerHasNone() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(exchange, 204, ""))) {
            var answer = new SessionsApi(server.connection()).releaseSession("s1");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.json().isMissingNode()).isTrue();
            assertThat(server.asked().getFirst()).hasToString("DELETE /api/v1/sessions/s1");
        }
    }

    @Test
    void aStreamOfEventsIsTakenUpAfterTheLastOne() throws IOException {
        try (var server = new RecordingServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            RecordingServer.flush(exchange, ": hello\n\nid: 1\nevent: NodeDrained\ndata: {\"type\":\"NodeDrained\",\n");
            RecordingServer.flush(
                    exchange, "data: \"at\":\"2026-11-21T20:15:30Z\",\"data\":{\"n\":1}}\n\nid: 2\ndata: {\"ty");
        })) {
            var runs = new RunsApi(server.connection());
            var alive = new AtomicInteger();
            try (var events = runs.followRun("r1").value().events(alive::incrementAndGet)) {
                EventStream.Event first = Objects.requireNonNull(events.next());
                assertThat(first.id()).isEqualTo("1");
                assertThat(first.name()).isEqualTo("NodeDrained");
                RunEvent event = new RunEvent(first.json());
                assertThat(event.type()).isEqualTo("NodeDrained");
                assertThat(event.at()).isEqualTo(Instant.parse("2026-11-21T20:15:30Z"));
                assertThat(event.data().get("n")).hasToString("1");
                assertThat(events.next()).as("cut off in the middle").isNull();
            }
            assertThat(alive).hasValueGreaterThan(4);
            runs.followRun("r1", new RunsApi.FollowRun().lastEventID("1"))
                    .value()
                    .close();
            assertThat(server.asked().get(0).header("Last-Event-ID")).isNull();
            assertThat(server.asked().get(1).header("Last-Event-ID")).isEqualTo("1");
            assertThat(server.asked().get(1).header("Accept"))
                    .isEqualTo("text/event-stream, application/problem+json;q=0.5");
        }
    }

    @Test
    void aStreamThatIsRefusedIsAProblemToo() throws IOException {
        try (var server = new RecordingServer(exchange -> RecordingServer.answer(
                exchange, 404, "{\"type\":\"/problems/not-found\",\"title\":\"There is none\"}"))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> new RunsApi(server.connection()).followRun("r1"))
                    .satisfies(refused -> assertThat(refused.problem().name()).isEqualTo("not-found"));
        }
    }

    private static void await(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
