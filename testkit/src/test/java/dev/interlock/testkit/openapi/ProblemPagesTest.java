package dev.interlock.testkit.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.openapi.ProblemTypes.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemPagesTest {
    private static final Path PAGES = ApiFiles.ROOT.resolve("docs/problems");
    private static final Pattern MADE = Pattern.compile(
            "(?:Problem|ProblemException)\\s*\\.(?:of|conflict|forbidden)\\(\\s*\"([a-z][a-z-]+)\"|new Rejection\\(\\s*\"([a-z][a-z-]+)\"");

    @Test
    void eachTypeHasItsPageAsItIsNow() throws IOException {
        var wanted = ProblemPages.all();
        var there = new TreeMap<String, String>();
        if (Files.exists(PAGES)) {
            try (Stream<Path> files = Files.list(PAGES)) {
                for (Path file : files.toList()) {
                    there.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        if (Boolean.getBoolean("interlock.accept")) {
            Files.createDirectories(PAGES);
            for (var page : wanted.entrySet()) {
                Files.writeString(PAGES.resolve(page.getKey()), page.getValue());
            }
            for (String file : there.keySet()) {
                if (!wanted.containsKey(file)) {
                    Files.delete(PAGES.resolve(file));
                }
            }
            return;
        }
        assertThat(there)
                .as(
                        "docs/problems is behind contracts/api/problems.yml or contracts/openapi. Rewrite it: mvn -o -q -pl testkit"
                                + " test -Dtest=ProblemPagesTest -Dinterlock.accept=true")
                .isEqualTo(wanted);
    }

    @Test
    void theTypesAreThoseOfTheCode() throws IOException {
        var described =
                ProblemTypes.read().all().stream().map(ProblemType::slug).collect(Collectors.toSet());
        var made = new TreeSet<String>();
        var sources = new StringBuilder();
        for (String module : List.of(
                "platform", "inventory-service", "license-service", "agent-monitor", "upgrade-service", "console")) {
            try (Stream<Path> files = Files.walk(ApiFiles.ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    // without comments: they show examples
                    var source = Files.readString(file).replaceAll("(?m)^ *\\*.*$", "");
                    sources.append(source);
                    var matcher = MADE.matcher(source);
                    while (matcher.find()) {
                        made.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
                    }
                }
            }
        }
        assertThat(made)
                .contains(
                        "forbidden",
                        "replay-running",
                        "plan-drifted",
                        "response-expired",
                        "other-origin",
                        "too-many-streams");
        assertThat(described)
                .as("contracts/api/problems.yml describes what the code answers")
                .containsAll(made);
        assertThat(described)
                .as("contracts/api/problems.yml has a type that no code answers")
                .allSatisfy(slug -> assertThat(sources).contains("\"" + slug + "\""));
    }
}
