package dev.interlock.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Chromium opens every page: nothing is fetched from elsewhere, no script fails, no page is wider than a phone, search finds,
 * light and dark are as the reader wants them. Left out where Chromium or Node.js is not installed.
 */
class SiteInBrowserTest {
    /** Stricter than the edge may be: scripts only from files. */
    private static final String POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript",
            "css", "text/css",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2");

    @Test
    void peopleCanReadIt(@TempDir Path folder) throws Exception {
        BuiltSite site = BuiltSite.ofThisBuild();
        Optional<String> browser = onPath("chromium", "chromium-browser", "google-chrome");
        assumeTrue(browser.isPresent(), "no Chromium on the PATH: apt-get install chromium");
        assumeTrue(Files.exists(Path.of("node_modules/playwright-core")), "playwright-core is not installed");

        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext(BuiltSite.BASE, exchange -> answer(site.folder(), exchange));
            server.start();
            Path said = folder.resolve("said");
            Process node = new ProcessBuilder(List.of(
                            "node",
                            "in-browser.mjs",
                            "http://127.0.0.1:" + server.getAddress().getPort() + BuiltSite.BASE,
                            browser.orElseThrow()))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            boolean ended = node.waitFor(4, TimeUnit.MINUTES);
            if (!ended) {
                node.descendants().forEach(ProcessHandle::destroyForcibly);
                node.destroyForcibly().waitFor();
            }

            assertThat(Files.readString(said)).isEmpty();
            assertThat(ended).isTrue();
            assertThat(node.exitValue()).isZero();
        } finally {
            server.stop(0);
        }
    }

    private static void answer(Path folder, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(BuiltSite.BASE.length());
            Path file = folder.resolve(path.isEmpty() ? "index.html" : path).normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String name = file.getFileName().toString();
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream"));
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            byte[] content = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static Optional<String> onPath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
