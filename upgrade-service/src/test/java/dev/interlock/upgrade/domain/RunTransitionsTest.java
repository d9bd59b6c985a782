package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Run.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every situation of a run × every fact, compared with {@code run-transitions.md}. What the test found is written to {@code
 * target/}; a wanted change is copied from there, and the difference is what a reviewer reads.
 */
class RunTransitionsTest {
    private static final Failure BROKEN = new Failure("exit-1", "It broke.", "Mend it.");
    private static final Window WINDOW = new Window(NOON, NOON.plus(Duration.ofHours(4)), "UTC");
    private static final Instant LATER = NOON.plusSeconds(5);

    private final Plan plan = Estate.plan(Estate.hosts(2), new Plan.Limits(1, 0, null), WINDOW);

    static Run after(Run run, Fact... facts) {
        Run now = run;
        for (Fact fact : facts) {
            Decision decision = RunDecider.decide(now, fact);
            assertThat(decision).as("%s", fact).isInstanceOf(Decided.class);
            now = ((Decided) decision).run();
        }
        return now;
    }

    private static Fact done(String step) {
        return new Fact.StepDone(step, 1, List.of(), NOON.plusSeconds(1));
    }

    private static Fact broke(String step) {
        return new Fact.StepBroke(step, 1, BROKEN, List.of(), NOON.plusSeconds(1));
    }

    private Map<String, Run> situations() {
        var s = new LinkedHashMap<String, Run>();
        Fact begun = new Fact.Begun("olga", NOON);
        Fact pause = new Fact.PauseAsked("olga", "lunch", NOON);
        Fact abort = new Fact.AbortAsked("olga", "wrong day", NOON);
        Run queued = Estate.run(plan);
        Run checked = after(queued, begun, done("check.web-1"), done("check.web-2"));
        Run installing = after(checked, done("stop.web-1"));
        s.put("queued", queued);
        s.put("running, checks going", after(queued, begun));
        s.put("running, web-1 installing", installing);
        s.put("running, web-1 failed to install", after(installing, broke("install.web-1")));
        s.put("pausing, web-1 installing", after(installing, pause));
        s.put("paused, before the first change", after(queued, begun, pause, done("check.web-1"), done("check.web-2")));
        s.put("paused, web-1 failed to install", after(installing, pause, broke("install.web-1")));
        s.put("aborting, web-1 installing", after(installing, abort));
        s.put("aborted", after(queued, begun, abort, done("check.web-1"), done("check.web-2")));
        s.put("completed", completed(checked));
        s.put("failed, web-1 failed to install", failed(installing));
        return s;
    }

    private static Run completed(Run checked) {
        Run run = checked;
        for (String host : List.of("web-1", "web-2")) {
            for (String verb : List.of("stop", "install", "start", "prove")) {
                run = after(run, done(verb + "." + host));
            }
        }
        return run;
    }

    private static Run failed(Run installing) {
        return after(
                installing,
                broke("install.web-1"),
                done("stop.web-2"),
                done("install.web-2"),
                done("start.web-2"),
                done("prove.web-2"));
    }

    private static Map<String, Fact> facts(Run run) {
        String current = run.steps().entrySet().stream()
                .filter(e -> e.getValue() instanceof StepState.Running)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("install.web-1");
        int attempt = run.state(current).attempt();
        var f = new LinkedHashMap<String, Fact>();
        f.put("Begun", new Fact.Begun("olga", LATER));
        f.put("Adopted", new Fact.Adopted(LATER));
        f.put("StepDone", new Fact.StepDone(current, attempt, List.of(), LATER));
        f.put("StepDone of another attempt", new Fact.StepDone(current, attempt + 1, List.of(), LATER));
        f.put("StepBroke", new Fact.StepBroke(current, attempt, BROKEN, List.of(), LATER));
        f.put("StepBroke of another attempt", new Fact.StepBroke(current, attempt + 1, BROKEN, List.of(), LATER));
        f.put("ClockReached nothing", new Fact.ClockReached(LATER));
        f.put("ClockReached a step's deadline", new Fact.ClockReached(NOON.plus(Duration.ofHours(1))));
        f.put("ClockReached the window's end", new Fact.ClockReached(WINDOW.end()));
        f.put("InterlockBroke", new Fact.InterlockBroke("interlock", "The clocks differ.", LATER));
        f.put("GateAnswered where there is none", new Fact.GateAnswered("install.web-1", true, "ada", "done", LATER));
        f.put("PauseAsked", new Fact.PauseAsked("olga", "lunch", LATER));
        f.put("ResumeAsked", new Fact.ResumeAsked("olga", "back", LATER));
        f.put("ResumeAsked after the window", new Fact.ResumeAsked("olga", "back", WINDOW.end()));
        f.put("AbortAsked", new Fact.AbortAsked("olga", "wrong day", LATER));
        f.put("RetryAsked", new Fact.RetryAsked("install.web-1", "olga", "mended", LATER));
        f.put("RetryAsked of an unknown step", new Fact.RetryAsked("dance.web-1", "olga", "why not", LATER));
        f.put("SkipAsked", new Fact.SkipAsked("install.web-1", "olga", "done by hand", LATER));
        return f;
    }

    private static String shown(Decision decision, Run before) {
        return switch (decision) {
            case Refused refused -> "refused: " + refused.reason().text();
            case Decided decided -> {
                if (decided.run().equals(before) && decided.commands().isEmpty()) {
                    yield "–";
                }
                String commands = decided.commands().stream()
                        .map(RunTransitionsTest::shown)
                        .flatMap(List::stream)
                        .collect(Collectors.joining(", "));
                yield decided.run().status().word() + (decided.commands().isEmpty() ? "" : ": " + commands);
            }
        };
    }

    private static List<String> shown(Command command) {
        return switch (command) {
            case Command.Execute e ->
                List.of((e.again() ? "execute again " : "execute ") + e.stepId() + "#" + e.attempt());
            case Command.Announce a -> List.of(a.event().getClass().getSimpleName());
            case Command.Show show ->
                show.state().equals("running") ? List.of() : List.of(show.stepId() + " " + show.state());
            case Command.Release r -> List.of("release host");
        };
    }

    private String table() {
        var text = new StringBuilder(
                "# Every move of a run\n\nTwo hosts, one at a time, in a window. `–` means that nothing changes.\n");
        situations().forEach((name, run) -> {
            text.append("\n## ").append(name).append("\n| fact | what follows |\n|---|---|\n");
            facts(run)
                    .forEach((fact, value) -> text.append("| ")
                            .append(fact)
                            .append(" | ")
                            .append(shown(RunDecider.decide(run, value), run))
                            .append(" |\n"));
        });
        return text.toString();
    }

    @Test
    void everyFactInEverySituationDoesWhatTheTableSays() throws IOException {
        Path file = Path.of(System.getProperty("interlock.root", ".."))
                .resolve("upgrade-service/src/test/resources/run-transitions.md");
        String now = table();
        Path written = Path.of("target/run-transitions.md");
        Files.createDirectories(Path.of("target"));
        Files.writeString(written, now);
        assertThat(now)
                .as("compare %s with %s; copy it there if the change is wanted", written.toAbsolutePath(), file)
                .isEqualTo(Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "");
    }

    @Test
    void theTableHoldsEveryStatus() {
        assertThat(situations().values().stream().map(Run::status).distinct())
                .containsExactlyInAnyOrder(Status.values());
    }

    @Test
    void theTableHoldsEveryKindOfFact() {
        var kinds = new ArrayList<Class<?>>(facts(Estate.run(plan)).values().stream()
                .<Class<?>>map(Object::getClass)
                .distinct()
                .toList());
        assertThat(kinds).containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
        assertThat(Arrays.stream(Fact.class.getPermittedSubclasses()).allMatch(Class::isRecord))
                .isTrue();
    }
}
