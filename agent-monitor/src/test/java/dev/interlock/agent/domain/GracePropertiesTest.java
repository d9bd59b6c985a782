package dev.interlock.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.agent.domain.GraceStory.Line;
import dev.interlock.agent.domain.GraceStory.Opening;
import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** Grace follows from what happened, not from when, how often and in which order it became known (L33–L35). */
class GracePropertiesTest {
    private static final AtomicLong CASES = new AtomicLong();
    private static final AtomicLong REPORTS = new AtomicLong();

    /** A history: hours are few, so that many validations share an instant; some gaps are longer than grace lasts. */
    @Provide
    Arbitrary<List<Validation>> histories() {
        var hours = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 12), Arbitraries.integers().between(0, 900));
        return Arbitraries.entries(hours, Arbitraries.of(true, false, false))
                .list()
                .ofMaxSize(14)
                .map(entries -> {
                    var validations = new ArrayList<Validation>();
                    for (int i = 0; i < entries.size(); i++) {
                        boolean success = entries.get(i).getValue();
                        validations.add(new Validation(
                                String.format(Locale.ROOT, "v%02d", i),
                                Histories.at(entries.get(i).getKey()),
                                success ? Outcome.SUCCEEDED : Outcome.FAILED,
                                success ? null : "unreachable",
                                Source.API));
                    }
                    return validations;
                });
    }

    @Property(tries = 20_000)
    void anyOrderAndAnyRepetitionGivesTheSamePeriods(
            @ForAll("histories") List<Validation> history, @ForAll Random random) {
        var inOrder = GracePeriods.of(history);
        assertThat(inOrder).isEqualTo(byTheBook(history));
        assertThat(GracePeriods.of(shuffledWithDuplicates(history, random))).isEqualTo(inOrder);
    }

    @Property(tries = 20_000)
    void theStandingIsTheLastPeriodIfThatIsNotReset(
            @ForAll("histories") List<Validation> history, @ForAll Random random) {
        var teller = new Storyteller();
        shuffledWithDuplicates(history, random).forEach(validation -> teller.hears(1000, validation));
        var periods = GracePeriods.of(history);
        boolean failing = !periods.isEmpty() && periods.getLast().reset() == null;
        boolean licensed = history.stream().anyMatch(Validation::succeeded);
        switch (teller.standing()) {
            case Standing.NeverLicensed() -> assertThat(licensed).isFalse();
            case Standing.Licensed(var _) -> assertThat(licensed && !failing).isTrue();
            case Standing.Failing(var period) -> assertThat(period).isEqualTo(periods.getLast());
        }
    }

    /** Reports in any order, with repetitions, between wake-ups of a clock that mostly goes forward. */
    @Property(tries = 20_000)
    void theStoryNeverContradictsItselfAndEndsWithTheTruth(
            @ForAll("histories") List<Validation> history, @ForAll Random random) {
        var teller = new Storyteller();
        var judge = new Judge();
        int hour = 0;
        for (Validation validation : shuffledWithDuplicates(history, random)) {
            int occurred =
                    (int) Duration.between(Histories.BEGIN, validation.at()).toHours();
            hour = Math.max(hour, occurred) + random.nextInt(60);
            judge.hear(teller.hears(hour, validation));
            int wake = hour + random.nextInt(100) - (random.nextInt(10) == 0 ? 150 : 0);
            judge.hear(teller.wakes(Math.max(wake, occurred)));
            hour = Math.max(hour, wake);
        }
        judge.hear(teller.wakes(hour));
        judge.isAtTheEndConsistentWith(teller.standing(), Histories.at(hour));
        assertThat(teller.wakes(hour)).isEmpty();
    }

    @AfterContainer
    static void printCases() {
        System.out.println(
                "grace: " + CASES + " random histories, " + REPORTS + " reports in random order with repetitions");
    }

    private static List<Validation> shuffledWithDuplicates(List<Validation> history, Random random) {
        var reports = new ArrayList<>(history);
        for (Validation validation : history) {
            for (int i = random.nextInt(3); i > 0; i--) {
                reports.add(validation);
            }
        }
        Collections.shuffle(reports, random);
        CASES.incrementAndGet();
        REPORTS.addAndGet(reports.size());
        return reports;
    }

    /** The rules L33 to L35 again, written for clearness: for each failure, ask whether it opens a period. */
    private static List<GracePeriod> byTheBook(List<Validation> history) {
        var all = new TreeSet<>(history);
        var periods = new ArrayList<GracePeriod>();
        for (Validation failure : all) {
            @Nullable Validation before = all.lower(failure);
            if (failure.succeeded() || before == null || !before.succeeded()) {
                continue;
            }
            @Nullable
            Validation reset = all.tailSet(failure, false).stream()
                    .filter(Validation::succeeded)
                    .findFirst()
                    .orElse(null);
            periods.add(new GracePeriod(before, failure, reset));
        }
        return periods;
    }

    /** A consumer who believes every line and objects to what cannot be. */
    private static final class Judge {
        private final Map<Opening, Set<Object>> told = new HashMap<>();
        private final Set<Opening> closed = new HashSet<>();
        private @Nullable Opening open;
        private @Nullable Instant start;
        private boolean expired;

        void hear(List<Line> lines) {
            lines.forEach(this::hear);
        }

        private void hear(Line line) {
            var seen = told.computeIfAbsent(line.opening(), ignored -> new HashSet<>());
            assertThat(closed).as("told after its end: %s", line).doesNotContain(line.opening());
            switch (line) {
                case Line.Started(var opening, var failure) -> {
                    if (opening.equals(open)) {
                        assertThat(expired).as("an expired period is not moved").isFalse();
                        assertThat(failure.at()).as("a start moves back only").isBefore(start);
                    } else {
                        assertThat(open == null || expired)
                                .as("one period at a time")
                                .isTrue();
                        assertThat(seen).isEmpty();
                    }
                    open = opening;
                    start = failure.at();
                    expired = false;
                }
                case Line.Ending(var opening, var failure, var notice) -> {
                    assertThat(opening).isEqualTo(open);
                    assertThat(expired).isFalse();
                    assertThat(failure.at()).isEqualTo(start);
                    assertThat(seen.add(notice))
                            .as("each notice once: %s", line)
                            .isTrue();
                    for (Duration shorter : Storyteller.NOTICES) {
                        assertThat(shorter.compareTo(notice) < 0 && seen.contains(shorter))
                                .as("notices in order")
                                .isFalse();
                    }
                }
                case Line.Expired(var opening, var _) -> {
                    assertThat(opening).isEqualTo(open);
                    assertThat(expired).isFalse();
                    assertThat(seen).as("all notices before the end").containsAll(Storyteller.NOTICES);
                    expired = true;
                }
                case Line.Ended(var opening, var _, var reset) -> {
                    assertThat(opening).isEqualTo(open);
                    assertThat(reset.succeeded()).isTrue();
                    assertThat(reset.at()).isAfterOrEqualTo(start);
                    closed.add(opening);
                    open = null;
                    start = null;
                    expired = false;
                }
            }
        }

        void isAtTheEndConsistentWith(Standing standing, Instant now) {
            if (standing instanceof Standing.Failing(var period)) {
                assertThat(open).isNotNull();
                if (!expired) {
                    assertThat(start).isEqualTo(period.startedAt());
                    assertThat(now).isBefore(period.endsAt());
                }
            } else {
                assertThat(open == null || expired)
                        .as("what is over is not open")
                        .isTrue();
            }
        }
    }
}
