package dev.interlock.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.Terminal.Colour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code interlock verify-trace}: asks no service. */
@Command(
        name = "verify-trace",
        description =
                "Checks a run's trace off-line: complete, in order, unaltered, and true to the rules of its procedure."
                        + " Exit code 1 if not, with the lines that are wrong.")
final class VerifyTrace implements Callable<Integer> {
    private static final int MOST_PROBLEMS = 20;

    private final Desk desk;

    @Parameters(paramLabel = "FILE", description = "As `interlock runs trace RUN > FILE` wrote it.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The service's public key (`interlock runs trace-key > FILE`): the trace must be signed with it.")
    private @Nullable Path key;

    VerifyTrace(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() {
        String wanted = key == null ? null : TraceFile.publicKey(text(key));
        TraceFile.Report report = TraceFile.check(text(file), wanted);
        if (!desk.output().forPeople()) {
            ObjectNode answer = Desk.body().put("intact", report.intact()).put("events", report.events());
            answer.put("keyId", report.keyId()).put("keyGiven", wanted != null);
            answer.set("runId", report.run().path("runId"));
            var problems = answer.putArray("problems");
            report.problems()
                    .forEach(p -> problems.addObject()
                            .put("line", p.line())
                            .put("problem", "Line " + p.line() + " " + p.sentence()));
            desk.show(answer);
            return report.intact() ? 0 : Failure.REFUSED;
        }
        var out = desk.terminal().out();
        if (!report.intact()) {
            report.problems().stream()
                    .limit(MOST_PROBLEMS)
                    .forEach(p -> out.println(
                            desk.terminal().paint(Colour.RED, Table.safe("Line " + p.line() + " " + p.sentence()))));
            if (report.problems().size() > MOST_PROBLEMS) {
                out.println("… and " + (report.problems().size() - MOST_PROBLEMS) + " more.");
            }
            out.println("The trace is not what the service signed. Do not rely on it.");
            return Failure.REFUSED;
        }
        out.println(Table.safe("The trace of run " + report.run().path("runId").asText() + " ("
                + report.run().path("product").asText() + " on "
                + report.run().path("deployment").asText() + ", "
                + report.run().path("fromVersion").asText() + " to "
                + report.run().path("toVersion").asText() + ", "
                + report.run().path("status").asText() + ") is complete, in order and unaltered: "
                + report.events() + " events, and "
                + report.run().path("invariants").size() + " rules of its procedure hold."));
        out.println(
                wanted == null
                        ? "Signed with " + report.keyId()
                                + ", a key that stands in the trace itself: give the service's own with --key to know who signed it."
                        : "Signed with the key given, " + report.keyId() + ".");
        return 0;
    }

    private String text(Path named) {
        Path path = desk.terminal().directory().resolve(named);
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.usage("The file " + named + " cannot be read: " + e.getMessage() + ".");
        }
    }
}
