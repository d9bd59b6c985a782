package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The verdict on one answer while it is being reached: what was checked, what did not hold, and the words that a sentence needs. */
final class StepVerdict {
    private static final int MOST_OUTPUT = 20_000;

    private final StepOrder order;
    private final CommandResult result;
    private final Instant answered;
    private final HostAnswer answer;
    private final List<Check> checks = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /** @param answered when the host's answer was there, by this service's clock */
    StepVerdict(StepOrder order, CommandResult result, Instant answered) {
        this.order = order;
        this.result = result;
        this.answered = answered;
        this.answer = HostAnswer.of(result.out());
    }

    StepOrder order() {
        return order;
    }

    HostAnswer answer() {
        return answer;
    }

    String host() {
        return order.host().name();
    }

    /** From asking to the answer, by this service's clock. */
    Instant asked() {
        return answered.minus(result.took());
    }

    Instant answered() {
        return answered;
    }

    int exit() {
        return result.exit();
    }

    /** The script's own errors. */
    String err() {
        return result.err();
    }

    // ---- checks

    /** Takes a check down without judging the step by it. */
    void check(String name, @Nullable String clause, boolean held, String observed) {
        checks.add(new Check(name, clause, held, observed));
    }

    void held(String name, @Nullable String clause, String observed) {
        check(name, clause, true, observed);
    }

    /**
     * Takes a check down, and why the step failed if it is broken.
     *
     * @param broken what was observed instead of {@code good}; null when it holds
     */
    void hold(
            String name, @Nullable String clause, @Nullable String broken, String good, Function<String, Failure> why) {
        check(name, clause, broken == null, broken == null ? good : broken);
        if (broken != null) {
            failures.add(why.apply(broken));
        }
    }

    /** @param broken empty when it holds */
    void hold(String name, @Nullable String clause, List<String> broken, String good, Function<String, Failure> why) {
        hold(name, clause, broken.isEmpty() ? null : String.join("; ", broken), good, why);
    }

    /** Whether no check was broken so far. */
    boolean holds() {
        return failures.isEmpty();
    }

    // ---- the end

    /** Succeeded, or failed for the first check that was broken. */
    StepOutcome outcome() {
        return outcome(Map.of());
    }

    StepOutcome outcome(Map<String, String> findings) {
        return outcome(failures.isEmpty() ? null : failures.getFirst(), findings);
    }

    StepOutcome failed(Failure failure) {
        return outcome(failure, Map.of());
    }

    private StepOutcome outcome(@Nullable Failure failure, Map<String, String> findings) {
        String said = answer.said()
                + (result.err().isBlank() ? "" : "\n" + result.err().strip() + "\n");
        String output = said.length() <= MOST_OUTPUT ? said : "…\n" + said.substring(said.length() - MOST_OUTPUT);
        return new StepOutcome(checks, failure, output, answer.phases(), findings);
    }

    // ---- words

    /** What the script said under this name; empty when nothing. */
    String word(String word) {
        return answer.word(word).orElse("");
    }

    String stateOf(String unit) {
        Map<String, String> u = answer.unit(unit);
        String result = u.getOrDefault("Result", "success");
        return unit + " is " + u.getOrDefault("ActiveState", "unknown")
                + (result.equals("success") ? "" : " (" + result + ")");
    }

    boolean noRoom() {
        String said = answer.said();
        return said.contains("No space left on device")
                || said.contains("more space needed")
                || (said.contains("needs") && said.contains("more space"))
                || result.err().contains("No space left on device")
                || answer.freeKibibytes().map(k -> k < 1024).orElse(false);
    }

    Failure diskFull() {
        return new Failure(
                "disk-full",
                "The disk of " + host() + " is full"
                        + answer.freeKibibytes()
                                .map(k -> ": " + k / 1024 + " MiB are free under /var")
                                .orElse("") + ".",
                "Make room on the host, then retry the step.");
    }

    /** All that was said, by the tools and by the script's own errors. */
    String spoken() {
        return answer.said() + "\n" + result.err();
    }

    /** The tools' last line after these words; nothing at all when they said nothing. */
    String said(String before) {
        String line = lastLine();
        return line.isEmpty() ? "" : before + line;
    }

    String lastLine() {
        return last(answer.said());
    }

    static String last(String text) {
        String line = text.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .reduce((a, b) -> b)
                .orElse("");
        String cut = line.length() > 300 ? line.substring(0, 300) + "…" : line;
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
