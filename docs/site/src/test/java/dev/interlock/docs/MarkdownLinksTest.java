package dev.interlock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownLinksTest {
    private static final Path ROOT = Path.of(System.getProperty("interlock.root", "../.."))
            .toAbsolutePath()
            .normalize();

    @Test
    void everyLinkOfTheRepositorysPagesLeadsSomewhere() throws IOException {
        assertThat(new MarkdownLinks(ROOT).dead(pages())).isEmpty();
    }

    @Test
    void aDeadLinkAndADeadAnchorAreFound(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("a.md"), """
                # One `way`, or another

                [here](#one-way-or-another) [there](b.md#two) [self](a.md) [outside](https://example.org/none)
                [gone](c.md) [no heading](b.md#three) | ![none](none.png)

                | table |
                |---|
                | [in a table](d.md) |
                """);
        Files.writeString(folder.resolve("b.md"), "# Two\n");

        assertThat(new MarkdownLinks(folder).dead(List.of(page)))
                .containsExactly(
                        "a.md: c.md leads to no file of the repository",
                        "a.md: b.md#three leads to no heading",
                        "a.md: none.png leads to no file of the repository",
                        "a.md: d.md leads to no file of the repository");
    }

    @Test
    void headingsOfTheSameWordsAreTakenApart(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("a.md"), "# A.b\n\n# A.b\n\n[1](#ab) [2](#ab-1) [3](#ab-2)\n");

        assertThat(new MarkdownLinks(folder).dead(List.of(page))).containsExactly("a.md: #ab-2 leads to no heading");
    }

    @Test
    void everyDecisionHasANumberOfItsOwnWhichIsInItsHeading() throws IOException {
        try (Stream<Path> decisions = Files.list(ROOT.resolve("docs/adr"))) {
            var headings = new TreeMap<String, String>();
            for (Path decision : decisions.toList()) {
                var number = decision.getFileName().toString().substring(0, 4);
                assertThat(headings.put(number, Files.readAllLines(decision).getFirst()))
                        .as("another decision %s", number)
                        .isNull();
            }
            assertThat(headings)
                    .hasSizeGreaterThan(15)
                    .allSatisfy((number, heading) ->
                            assertThat(heading).matches("# 0*" + Integer.parseInt(number) + "\\.? .+"));
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")),
                            below.filter(file ->
                                    file.toString().endsWith(".md") && !file.startsWith(ROOT.resolve("docs/site"))))
                    .sorted()
                    .toList();
        }
    }
}
