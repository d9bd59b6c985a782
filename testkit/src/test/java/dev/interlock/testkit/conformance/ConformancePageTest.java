package dev.interlock.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.conformance.ClauseMarks.Proof;
import dev.interlock.testkit.conformance.Clauses.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformancePageTest {

    private static final Path ROOT = Path.of(Objects.requireNonNull(
            System.getProperty("interlock.root"), "the build sets interlock.root to the root of the repository"));

    @Test
    void thePageIsUpToDate() throws IOException {
        Path page = ROOT.resolve("docs/conformance.md");
        String now = ConformancePage.markdown(
                Clauses.read(ROOT.resolve("docs/clauses.csv")),
                ClauseMarks.scan(ROOT).proofs(),
                Clauses.notProvable(ROOT.resolve("docs/not-provable.csv")));
        if (Boolean.getBoolean("interlock.accept")) {
            Files.writeString(page, now);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as("docs/conformance.md is behind the tests: %s", ConformancePage.HOW_TO_WRITE)
                .isEqualTo(now);
    }

    @Test
    void everyMarkIsOnATestAndNamesAClauseThatExists() throws IOException {
        ClauseMarks marks = ClauseMarks.scan(ROOT);
        var known = Clauses.read(ROOT.resolve("docs/clauses.csv")).stream()
                .map(Clause::number)
                .collect(Collectors.toSet());
        assertThat(marks.complaints()).isEmpty();
        assertThat(marks.proofs())
                .allSatisfy(proof -> assertThat(known).as(proof.toString()).contains(proof.clause()));
    }

    @Test
    void whatIsSaidToBeNotProvableIsAClauseWithoutAProof() throws IOException {
        var proven = ClauseMarks.scan(ROOT).proofs().stream().map(Proof::clause).collect(Collectors.toSet());
        var known = Clauses.read(ROOT.resolve("docs/clauses.csv")).stream()
                .map(Clause::number)
                .collect(Collectors.toSet());
        assertThat(Clauses.notProvable(ROOT.resolve("docs/not-provable.csv")).keySet())
                .allSatisfy(clause -> assertThat(known).contains(clause))
                .allSatisfy(clause -> assertThat(proven).doesNotContain(clause));
    }

    @Test
    void theListHoldsEveryClauseOnceInOrder() throws IOException {
        List<Clause> clauses = Clauses.read(ROOT.resolve("docs/clauses.csv"));
        assertThat(new HashSet<>(clauses)).hasSameSizeAs(clauses).hasSize(172);
        int last = 0;
        char group = ' ';
        for (Clause clause : clauses) {
            int number = Integer.parseInt(clause.number().substring(1));
            assertThat(number).as(clause.number()).isEqualTo(clause.group() == group ? last + 1 : 1);
            last = number;
            group = clause.group();
        }
    }

    @Test
    void marksAreFoundOnMethodsClassesAndNestedClassesButNeverOnWhatIsDisabled(@TempDir Path root) throws IOException {
        write(root, "some/module", "AlphaTest", """
                class AlphaTest {
                    @Test @Clause("K5") void stopsFirst() {}
                    @Test @Clause({"K8", "K9"}) void both() {}
                    @Property @Clause("L14") @Clause(value = "L15") void repeated() {}
                    @Disabled("later") @Test @Clause("K1") void never() {}
                    @EnabledIfSystemProperty(named = "x", matches = "y") @Test @Clause("K10") void sometimes() {}
                    @Clause("K2") void helper() {}
                    @Test @Clause(NAME) void byConstant() {}
                    @Nested @Clause("G2") class Inner { @Test void a() {} }
                    @Nested @Disabled @Clause("G3") class Off { @Test @Clause("G4") void b() {} }
                }
                """);
        write(
                root,
                "other",
                "BetaTest",
                "@org.junit.jupiter.api.Disabled class BetaTest { @Test @Clause(\"K7\") void c() {} }");
        write(root, "other", "target/GoneTest", "class GoneTest { @Test @Clause(\"K7\") void c() {} }");

        ClauseMarks marks = ClauseMarks.scan(root);

        Path alpha = Path.of("some/module/src/test/java/AlphaTest.java");
        assertThat(marks.proofs())
                .containsExactly(
                        new Proof("G2", "some/module", alpha, "AlphaTest.Inner", "", false),
                        new Proof("K10", "some/module", alpha, "AlphaTest", "sometimes", true),
                        new Proof("K5", "some/module", alpha, "AlphaTest", "stopsFirst", false),
                        new Proof("K8", "some/module", alpha, "AlphaTest", "both", false),
                        new Proof("K9", "some/module", alpha, "AlphaTest", "both", false),
                        new Proof("L14", "some/module", alpha, "AlphaTest", "repeated", false),
                        new Proof("L15", "some/module", alpha, "AlphaTest", "repeated", false));
        assertThat(marks.complaints())
                .containsExactlyInAnyOrder(
                        alpha + ": AlphaTest#helper bears @Clause but is no test",
                        alpha + ": AlphaTest: @Clause(NAME) must name clauses literally");
    }

    @Test
    void aClauseWithoutATestIsOpenOrSaysWhyNobodyCanProveItHere() {
        String page = ConformancePage.markdown(
                List.of(
                        new Clause("K5", "upgrade-service", "pre", "Services stopped first"),
                        new Clause("K6", "upgrade-service", "rule", "Because a|b")),
                List.of(new Proof("K5", "some/module", Path.of("some/A.java"), "A", "stopsFirst", true)),
                Map.of("K6", "Only the vendor can show it."));
        assertThat(page)
                .contains("| [K. Keeper Connection Manager](#k-keeper-connection-manager) | 2 | 1 | 1 | 0 |")
                .contains(
                        "| K5 | Services stopped first | upgrade-service | [A#stopsFirst](../some/A.java) (some/module,"
                                + " only where what it needs is at hand) |")
                .contains(
                        "| K6 | Because a\\|b | upgrade-service | *not provable here:* Only the vendor can show it. |");
    }

    private static void write(Path root, String module, String name, String source) throws IOException {
        Path file = root.resolve(module).resolve("src/test/java").resolve(name + ".java");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, source);
    }
}
