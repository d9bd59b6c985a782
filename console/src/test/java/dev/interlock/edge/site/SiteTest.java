package dev.interlock.edge.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.edge.EdgeUnderTest;
import dev.interlock.edge.Service;
import dev.interlock.testkit.TestTokens;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SiteTest {

    private static final String SCRIPT = "/assets/index-B2sVIrpO.js";

    @RegisterExtension
    @Order(1)
    static final Service service = new Service();

    @RegisterExtension
    @Order(2)
    static final EdgeUnderTest edge = new EdgeUnderTest(service, Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/runs/7", "/hosts?state=unreachable", "/a.b/c"})
    void everyPathThatABrowserAsksForIsThePage(String path) {
        var answer = edge.get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.text()).contains("<div id=\"root\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/assets/gone-B2sVIrpO.js", "/runs/7", "/../edge/application.yml", "/assets/%2e%2e/index.html"})
    void whatIsNotThereIsAProblemForEveryoneElse(String path) {
        var answer = edge.get(path, "Accept", "*/*");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("no-such-path");
    }

    @ParameterizedTest
    @CsvSource({"'gzip, deflate, br', br", "gzip, gzip", "'br;q=0, gzip', gzip", "identity, ''", "'', ''"})
    void scriptsComeAsTheBuildCompressedThem(String accepted, String encoding) throws Exception {
        var answer = accepted.isEmpty() ? edge.get(SCRIPT) : edge.get(SCRIPT, "Accept-Encoding", accepted);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Encoding")).isEqualTo(encoding);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(answer.header("Content-Type")).contains("javascript");
        if (encoding.equals("gzip")) {
            assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.raw().body())).readAllBytes())
                    .isEqualTo("console.log(\"signal box\");\n".getBytes(StandardCharsets.UTF_8));
        } else if (encoding.isEmpty()) {
            assertThat(answer.text()).isEqualTo("console.log(\"signal box\");\n");
        }
    }

    @Test
    void aPageThatTheBrowserHasIsNotSentAgain() {
        var first = edge.get("/", "Accept", "text/html");
        var again = edge.get("/", "Accept", "text/html", "If-None-Match", first.header("ETag"));

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.raw().body()).isEmpty();
    }

    @Test
    void aHeadIsAnsweredLikeAGetWithoutBody() {
        var answer = edge.send("HEAD", "/", (byte[]) null, "Accept", "text/html");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", SCRIPT, "/session", "/api/inventory/v1/hosts", "/nothing", "/docs/"})
    void everythingSaysWhatABrowserMayDoWithIt(String path) {
        var answer = edge.get(path);

        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("script-src 'unsafe");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
    }

    @ParameterizedTest
    @CsvSource({"/docs/, 200", "/docs/events, 200", "/docs/events.html, 200", "/docs/guide/, 200", "/docs/none, 404"})
    void theDocumentationIsServedWhereTheBuildHasIt(String path, int status) {
        assertThat(edge.get(path).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"/docs, /docs/", "/docs/guide, /docs/guide/"})
    void aFolderOfTheDocumentationEndsWithASlash(String path, String folder) {
        assertThat(edge.get(path).header("Location")).isEqualTo(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "/health/liveness, 200, 200",
        "/health/readiness, 200, 200",
        "/prometheus, 401, 200",
        "/health, 401, 200"
    })
    void healthIsForEverybodyAndMetricsForWhoHasAToken(String path, int nobody, int somebody) {
        assertThat(edge.get(path, "Accept", "*/*").status()).isEqualTo(nobody);
        assertThat(edge.get(path, "Authorization", "Bearer " + TestTokens.token("prometheus", "viewer"))
                        .status())
                .isEqualTo(somebody);
    }
}
