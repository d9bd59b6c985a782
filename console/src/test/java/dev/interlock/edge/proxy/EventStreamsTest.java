package dev.interlock.edge.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.interlock.edge.EdgeUnderTest;
import dev.interlock.edge.Service;
import dev.interlock.testkit.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Server-sent events on their way from a service to a browser. */
@Timeout(60)
class EventStreamsTest {

    /** Shorter than a stream is silent in these tests. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private static final int MOST = 3;

    @RegisterExtension
    @Order(1)
    static final Service service = new Service();

    @RegisterExtension
    @Order(2)
    static final EdgeUnderTest edge = new EdgeUnderTest(
            service, Map.of("interlock.edge.limits.answer", ANSWER, "interlock.edge.limits.streams-per-session", MOST));

    @BeforeAll
    static void start() {
        // what is loaded at the first stream may take longer than a service's answer may
        service.answers(
                (exchange, body) -> Service.send(exchange, 200, "text/event-stream", new byte[] {'\n'}, headers -> {}));
        Awaitility.await("the first stream")
                .atMost(Duration.ofSeconds(30))
                .until(() -> edge.get(
                                        "/api/upgrades/v1/runs/7/events",
                                        "Accept",
                                        "text/event-stream",
                                        "Authorization",
                                        "Bearer " + token("olga"))
                                .status()
                        == 200);
        while (service.wasAsked()) {
            service.asked();
        }
    }

    /** The service's end of a stream. */
    private static final class Source {
        private final HttpExchange exchange;
        private final CountDownLatch over = new CountDownLatch(1);

        Source(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            say(": begins\n\n");
        }

        void say(String text) throws IOException {
            exchange.getResponseBody().write(text.getBytes(UTF_8));
            exchange.getResponseBody().flush();
        }

        void end() throws IOException {
            exchange.getResponseBody().close();
            over.countDown();
        }

        /** As a process that is killed. */
        void breakOff() {
            exchange.close();
            over.countDown();
        }
    }

    /** Streams that the service has been asked for; each lives until its test ends it. */
    private static BlockingQueue<Source> sources() {
        var opened = new LinkedBlockingQueue<Source>();
        service.answers((exchange, body) -> {
            var source = new Source(exchange);
            opened.add(source);
            try {
                source.over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return opened;
    }

    private static Source next(BlockingQueue<Source> opened) throws InterruptedException {
        var source = opened.poll(10, TimeUnit.SECONDS);
        if (source == null) {
            throw new AssertionError("the service was not asked for a stream");
        }
        return source;
    }

    /** The browser's end: plain HTTP/1.1 on a socket, so that nothing but the edge can hold a byte back. */
    private static final class Browser implements Closeable {
        private final Socket socket;
        private final BufferedReader in;

        Browser(String token) throws IOException {
            this(EventStreamsTest.edge, token);
        }

        Browser(EdgeUnderTest edge, String token) throws IOException {
            socket = new Socket(edge.address().getHost(), edge.address().getPort());
            socket.setSoTimeout(30_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            OutputStream out = socket.getOutputStream();
            out.write(("GET /api/upgrades/v1/runs/7/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            + "Accept-Encoding: gzip, deflate, br\r\nLast-Event-ID: 41\r\nAuthorization: Bearer "
                            + token + "\r\n\r\n")
                    .getBytes(UTF_8));
            out.flush();
        }

        /** Status line and headers. */
        String head() throws IOException {
            var head = new StringBuilder();
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.toString();
        }

        void awaitLine(String wanted) throws IOException {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(wanted)) {
                    return;
                }
            }
            throw new AssertionError("the stream ended before it said " + wanted);
        }

        /** The rest, up to where the connection or the chunked body ends. */
        String rest() throws IOException {
            var rest = new StringBuilder();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                rest.append(line).append('\n');
                if (line.equals("0")) {
                    break;
                }
            }
            return rest.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String token(String name) {
        return TestTokens.token(name, "viewer");
    }

    @Test
    void eachEventComesWhenItHappensThroughSilencesLongerThanAnyTimeOut() throws Exception {
        var opened = sources();
        try (var browser = new Browser(token("olga"))) {
            var source = next(opened);
            assertThat(service.asked().headers().getFirst("Last-Event-ID")).isEqualTo("41");
            source.say("id: 42\ndata: first\n\n");
            assertThat(browser.head())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-type: text/event-stream")
                    .containsIgnoringCase("cache-control: no-store")
                    .doesNotContainIgnoringCase("content-encoding");
            browser.awaitLine("data: first");

            // silent for longer than an answer may take; the condition waited for is time itself
            assertThat(new CountDownLatch(1).await(ANSWER.toMillis() + 1000, TimeUnit.MILLISECONDS))
                    .isFalse();
            long said = System.nanoTime();
            source.say("id: 43\ndata: second\n\n");
            browser.awaitLine("data: second");
            assertThat(Duration.ofNanos(System.nanoTime() - said)).isLessThan(ANSWER);

            source.end();
            assertThat(browser.rest()).endsWith("0\n");
        }
        awaitStreams(0);
    }

    @Test
    void aBrowserThatGoesAwayEndsTheServicesStream() throws Exception {
        var opened = sources();
        var browser = new Browser(token("olga"));
        var source = next(opened);
        source.say(": hello\n\n");
        browser.awaitLine(": hello");
        awaitStreams(1);

        browser.close();

        awaitStreams(0);
        Awaitility.await("the service's connection is closed")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try {
                        source.say(": still here\n\n");
                        return false;
                    } catch (IOException closed) {
                        return true;
                    }
                });
        source.breakOff();
    }

    @Test
    void aServiceThatIsKilledEndsTheBrowsersStreamSoThatItComesBack() throws Exception {
        var kill = new CountDownLatch(1);
        try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var before = new EdgeUnderTest(URI.create("http://127.0.0.1:" + listener.getLocalPort()), Map.of())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = listener.accept()) {
                    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                    while (!in.readLine().isEmpty()) {
                        // the head of the request
                    }
                    socket.getOutputStream()
                            .write(String.join(
                                            "\r\n",
                                            "HTTP/1.1 200 OK",
                                            "Content-Type: text/event-stream",
                                            "Transfer-Encoding: chunked",
                                            "",
                                            "d",
                                            "data: first\n\n",
                                            "")
                                    .getBytes(UTF_8));
                    kill.await();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (var browser = new Browser(before, token("olga"))) {
                browser.awaitLine("data: first");

                kill.countDown();

                assertThat(browser.rest()).as("not ended in order").doesNotContain("0\n");
            }
            awaitStreams(before, 0);
        }
    }

    @Test
    void aBrowserThatDoesNotReadHoldsTheServiceBackInsteadOfFillingMemory() throws Exception {
        var opened = sources();
        try (var browser = new Browser(token("olga"))) {
            var source = next(opened);
            var piece = ("data: " + "x".repeat(8000) + "\n\n").repeat(16);
            var written = new AtomicLong();
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        source.say(piece);
                        written.addAndGet(piece.length());
                    }
                    source.say("data: last\n\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // the buffers of three sockets fill up, then nothing moves any more
            var stuck = new long[] {-1, 0};
            Awaitility.await("the service has to wait")
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        stuck[1] = stuck[0];
                        stuck[0] = written.get();
                        return stuck[0] > 0 && stuck[0] == stuck[1];
                    });
            assertThat(written.get()).isLessThan(60L << 20);

            browser.awaitLine("data: last");
            writer.join();
            source.end();
        }
    }

    @Test
    void oneSessionCannotTakeAllStreams() throws Exception {
        var opened = sources();
        var token = token("greedy");
        var browsers = new ArrayList<Browser>();
        var open = new ArrayList<Source>();
        try {
            for (int i = 0; i < MOST; i++) {
                browsers.add(new Browser(token));
                open.add(next(opened));
            }
            awaitStreams(MOST);
            var refused = new Browser(token);
            browsers.add(refused);
            open.add(next(opened));
            assertThat(refused.head()).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after");

            browsers.add(new Browser(token("modest")));
            open.add(next(opened));
            assertThat(browsers.getLast().head()).startsWith("HTTP/1.1 200");

            browsers.getFirst().close();
            awaitStreams(MOST);
            browsers.add(new Browser(token));
            open.add(next(opened));
            assertThat(browsers.getLast().head()).startsWith("HTTP/1.1 200");
        } finally {
            for (var browser : browsers) {
                browser.close();
            }
            open.forEach(Source::breakOff);
        }
        awaitStreams(0);
    }

    @Test
    void manyStreamsNeedFewThreads() throws Exception {
        var opened = sources();
        var browsers = new ArrayList<Browser>();
        var open = new ArrayList<Source>();
        int before = Thread.activeCount();
        try {
            for (int i = 0; i < 200; i++) {
                browsers.add(new Browser(token("watcher-" + i)));
            }
            for (int i = 0; i < 200; i++) {
                open.add(next(opened));
            }
            awaitStreams(200);
            for (var source : open) {
                source.say("data: all\n\n");
            }
            for (var browser : browsers) {
                browser.awaitLine("data: all");
            }
            assertThat(Thread.activeCount() - before).isLessThan(40);
        } finally {
            for (var browser : browsers) {
                browser.close();
            }
            open.forEach(Source::breakOff);
        }
        awaitStreams(0);
    }

    @Test
    void aServiceThatIsSlowWithItsAnswerIsGivenUp() {
        var release = new CountDownLatch(1);
        service.answers((exchange, body) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });

        var answer = edge.get("/api/inventory/v1/hosts", "Authorization", "Bearer " + token("olga"));
        release.countDown();

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.problem()).isEqualTo("service-unavailable");
        assertThat(answer.json().path("detail").asText()).contains("inventory-service did not answer within 3 s");
    }

    @Test
    void aServiceThatIsDownIsAProblemUntilItIsBack() {
        var first = new Service();
        var address = first.address();
        try (var alone = new EdgeUnderTest(address, Map.of())) {
            var path = "/api/licenses/v1/pools";
            var bearer = "Bearer " + token("olga");
            assertThat(alone.get(path, "Authorization", bearer).status()).isEqualTo(200);
            first.close();

            var down = alone.get(path, "Authorization", bearer);
            assertThat(down.status()).isIn(502, 503);
            assertThat(alone.get(path, "Authorization", bearer).status()).isEqualTo(503);
            assertThat(down.problem()).isEqualTo("service-unavailable");
            assertThat(down.json().path("service").asText()).isEqualTo("license-service");
            assertThat(down.json().path("next").asText()).contains("./interlock status");

            try (var back = new Service(address.getPort())) {
                assertThat(back.address()).isEqualTo(URI.create(address.toString()));
                assertThat(alone.get(path, "Authorization", bearer).status()).isEqualTo(200);
            }
        }
    }

    private static void awaitStreams(int count) {
        awaitStreams(edge, count);
    }

    private static void awaitStreams(EdgeUnderTest edge, int count) {
        var gauge = edge.context()
                .getBean(MeterRegistry.class)
                .get("interlock.edge.streams")
                .gauge();
        Awaitility.await(count + " streams").atMost(Duration.ofSeconds(15)).until(() -> (int) gauge.value() == count);
    }
}
