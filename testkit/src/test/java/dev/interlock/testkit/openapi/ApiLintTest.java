package dev.interlock.testkit.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the linter where Node.js is. */
class ApiLintTest {
    private static final int NOT_DONE = 77;

    private record Outcome(int exitCode, String said) {}

    @Test
    void thePublishedDocumentsKeepTheRules() throws Exception {
        var outcome = lint();
        assumeFalse(outcome.exitCode() == NOT_DONE, outcome.said());
        assertThat(outcome.exitCode()).as(outcome.said()).isZero();
    }

    @Test
    void aDocumentThatBreaksARuleIsRefused(@TempDir Path folder) throws Exception {
        var document = ApiFiles.read(ApiFiles.published("platform"));
        document.withObject("/paths/~1api~1v1~1audit/get").remove("summary");
        var broken = Files.writeString(folder.resolve("broken.yml"), ApiFiles.write(document));

        var outcome = lint(broken.toString());
        assumeFalse(outcome.exitCode() == NOT_DONE, outcome.said());
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.said()).contains("operation-summary");
    }

    private static Outcome lint(String... documents) throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                ApiFiles.SOURCES.resolve("lint").toAbsolutePath().toString());
        command.command().addAll(List.of(documents));
        var process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), said);
    }
}
