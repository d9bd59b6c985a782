package dev.interlock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltSiteTest {
    private static final Path GOLDEN = Path.of("../../contracts/src/test/resources/golden");

    @Test
    void everyLinkLeadsToAPageAndAPlaceInIt() {
        assertThat(BuiltSite.ofThisBuild().deadLinks()).isEmpty();
    }

    @Test
    void nothingIsFetchedFromElsewhere() {
        assertThat(BuiltSite.ofThisBuild().fetchedFromElsewhere()).isEmpty();
    }

    @Test
    void pagesHaveNoScriptsInside() {
        assertThat(BuiltSite.ofThisBuild().scriptsInside()).isEmpty();
    }

    @Test
    void everyPublishedEventHasAPlaceOfItsOwn() throws IOException {
        var page = BuiltSite.ofThisBuild().page("events.html");
        List<String> names;
        try (Stream<Path> golden = Files.list(GOLDEN)) {
            names = golden.map(file -> file.getFileName().toString().replaceFirst("\\.v\\d+\\.json$", ""))
                    .map(type -> type.substring(type.lastIndexOf('.') + 1))
                    .toList();
        }

        assertThat(names)
                .hasSizeGreaterThan(60)
                .allSatisfy(name -> assertThat(page.getElementById(name.toLowerCase(Locale.ROOT)))
                        .as(name)
                        .isNotNull());
    }

    @Test
    void everyClauseHasItsRowAndIsExplainedWhereItIsNamed() throws IOException {
        BuiltSite site = BuiltSite.ofThisBuild();
        var conformance = site.page("conformance.html");
        List<String> clauses;
        try (Stream<String> rows = Files.lines(Path.of("../clauses.csv"))) {
            clauses =
                    rows.skip(1).map(row -> row.substring(0, row.indexOf(','))).toList();
        }

        assertThat(clauses)
                .hasSize(172)
                .allSatisfy(clause -> assertThat(conformance.getElementById(clause.toLowerCase(Locale.ROOT)))
                        .as(clause)
                        .isNotNull());
        assertThat(site.page("operating/keeper-connection-manager.html").select("a.clause"))
                .anySatisfy(link -> {
                    assertThat(link.attr("href")).endsWith("conformance.html#k8");
                    assertThat(link.attr("title")).isEqualTo("K8: Only the matching packages are upgraded");
                });
    }

    @Test
    void theApiPagesNameEveryOperation() throws IOException {
        BuiltSite site = BuiltSite.ofThisBuild();
        try (Stream<Path> documents = Files.list(Path.of("../../contracts/openapi"))) {
            assertThat(documents.filter(file -> file.toString().endsWith(".yml")))
                    .isNotEmpty()
                    .allSatisfy(file -> {
                        var service = file.getFileName().toString().replaceFirst("(-service|-monitor)?\\.yml$", "");
                        long operations = Files.readAllLines(file).stream()
                                .filter(line -> line.matches("    (get|put|post|patch|delete):"))
                                .count();
                        assertThat(site.page("api/" + service + ".html").select(".operation"))
                                .hasSize((int) operations);
                    });
        }
    }

    @Test
    void theRunbookOfEveryAlertIsAPlaceInAPage() throws IOException {
        var rules = Files.readString(Path.of("../../deploy/prometheus/interlock-alerts.yml"));
        var links = Pattern.compile("runbook_url: .*(/docs/\\S+)'")
                .matcher(rules)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(links).hasSize(rules.split("- alert: ", -1).length - 1).hasSizeGreaterThan(30);
        assertThat(BuiltSite.ofThisBuild().dead(links)).isEmpty();
    }

    @Test
    void whatIsWrongWithASiteIsFound(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("style.css"), "@import 'https://fonts.example/a.css'; a { background: url(b.png) }");
        Files.writeString(folder.resolve("index.html"), """
                <link rel="stylesheet" href="/docs/style.css"><script>alert(1)</script><h1 id="top">Top</h1>
                <script src="//cdn.example/lib.js"></script><img src="https://img.example/x.png">
                <a href="#top">a</a> <a href="/docs/">b</a> <a href="https://example.org">c</a> <a href="style.css">d</a>
                <a href="#none">e</a> <a href="/docs/none.html">f</a> <a href="none.html">g</a> <a href="/api">h</a>
                """);
        var site = new BuiltSite(folder);

        assertThat(site.deadLinks())
                .containsExactly(
                        "index.html: //cdn.example/lib.js leads to no file of the site",
                        "index.html: #none leads to no place in its page",
                        "index.html: /docs/none.html leads to no file of the site",
                        "index.html: none.html leads to no file of the site",
                        "index.html: /api leads to no file of the site");
        assertThat(site.dead(List.of(
                        "/docs/index.html#top", "/docs/index.html#none", "/docs/none.html", "/docs/style.css#top")))
                .containsExactly(
                        "/docs/index.html#none leads to no place in its page",
                        "/docs/none.html leads to no file of the site",
                        "/docs/style.css#top leads to no place in its page");
        assertThat(site.fetchedFromElsewhere())
                .containsExactly(
                        "index.html: //cdn.example/lib.js",
                        "index.html: https://img.example/x.png",
                        "style.css: https://fonts.example/a.css");
        assertThat(site.scriptsInside()).containsExactly("index.html");
    }
}
