package dev.interlock.agent.domain;

import static dev.interlock.agent.domain.Histories.at;
import static dev.interlock.agent.domain.Histories.failed;
import static dev.interlock.agent.domain.Histories.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.agent.domain.GraceStory.Line;
import dev.interlock.agent.domain.GraceStory.Line.Ended;
import dev.interlock.agent.domain.GraceStory.Line.Ending;
import dev.interlock.agent.domain.GraceStory.Line.Expired;
import dev.interlock.agent.domain.GraceStory.Line.Started;
import dev.interlock.agent.domain.GraceStory.Opening;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GraceStoryTest {
    private static final int WEEK = 7 * 24;
    private static final Opening FIRST = opening(succeeded(0), failed(10));

    private final Storyteller story = new Storyteller();

    @Test
    void theFirstFailureOpensAPeriodAndASuccessEndsIt() {
        assertThat(story.hears(0, succeeded(0))).isEmpty();
        assertThat(story.hears(10, failed(10))).containsExactly(new Started(FIRST, failed(10)));
        assertThat(story.hears(11, failed(11))).isEmpty();
        assertThat(story.hears(20, succeeded(20))).containsExactly(new Ended(FIRST, failed(10), succeeded(20)));
    }

    @Test
    void noticesAndTheEndAreToldAtTheirTimesEachOnce() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        int end = 10 + WEEK;
        assertThat(story.wakes(end - 73)).isEmpty();
        assertThat(story.wakesAt()).isEqualTo(at(end - 72));
        assertThat(story.wakes(end - 72)).containsExactly(ending(72));
        assertThat(story.wakes(end - 72)).isEmpty();
        assertThat(story.wakesAt()).isEqualTo(at(end - 24));
        assertThat(story.wakes(end - 24)).containsExactly(ending(24));
        assertThat(story.wakes(end - 4)).containsExactly(ending(4));
        assertThat(story.wakes(end - 1)).containsExactly(ending(1));
        assertThat(story.wakesAt()).isEqualTo(at(end));
        assertThat(story.wakes(end)).containsExactly(new Expired(FIRST, failed(10)));
        assertThat(story.wakesAt()).isNull();
        assertThat(story.wakes(end + 1000)).isEmpty();
    }

    @Test
    void whatWasMissedIsToldLateAndInOrder() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        assertThat(story.wakes(10 + WEEK + 5))
                .containsExactly(ending(72), ending(24), ending(4), ending(1), new Expired(FIRST, failed(10)));
    }

    @Test
    void aClockThatGoesBackRepeatsNothing() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        assertThat(story.wakes(10 + WEEK - 4)).hasSize(3);
        assertThat(story.wakes(12)).isEmpty();
        assertThat(story.wakes(10 + WEEK - 4)).isEmpty();
        assertThat(story.wakes(10 + WEEK - 1)).containsExactly(ending(1));
    }

    @Test
    void anOutageThatWasOverBeforeItWasHeardOfIsNotTold() {
        story.hears(0, succeeded(0));
        assertThat(story.hears(30, succeeded(30))).isEmpty();
        assertThat(story.hears(31, failed(10))).isEmpty();
        assertThat(story.periods()).hasSize(1);
    }

    @Test
    void aLateFailureMovesTheStartOfTheSamePeriodBack() {
        story.hears(0, succeeded(0));
        story.hears(20, failed(20));
        var opening = opening(succeeded(0), failed(20));
        assertThat(story.hears(21, failed(10))).containsExactly(new Started(opening, failed(10)));
        assertThat(story.hears(30, succeeded(30))).containsExactly(new Ended(opening, failed(10), succeeded(30)));
    }

    @Test
    void aLateSuccessSplitsTheOutageInTwo() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        story.hears(30, failed(30));
        assertThat(story.hears(31, succeeded(20)))
                .containsExactly(
                        new Ended(FIRST, failed(10), succeeded(20)),
                        new Started(opening(succeeded(20), failed(30)), failed(30)));
    }

    @Test
    void aLateSuccessInTimeCorrectsAnExpiryThatWasTold() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        story.wakes(10 + WEEK);
        assertThat(story.hears(12 + WEEK, succeeded(100)))
                .containsExactly(new Ended(FIRST, failed(10), succeeded(100)));
    }

    @Test
    void aSuccessAfterTheExpiryEndsNothingAndTheNextFailureOpensAnew() {
        story.hears(0, succeeded(0));
        story.hears(10, failed(10));
        story.wakes(10 + WEEK);
        assertThat(story.hears(11 + WEEK, succeeded(11 + WEEK))).isEmpty();
        assertThat(story.hears(12 + WEEK, failed(12 + WEEK)))
                .containsExactly(new Started(opening(succeeded(11 + WEEK), failed(12 + WEEK)), failed(12 + WEEK)));
    }

    @Test
    void aFirstSuccessThatArrivesLateOpensThePeriodThatItMakesPossible() {
        assertThat(story.hears(10, failed(10))).isEmpty();
        assertThat(story.hears(12, succeeded(0))).containsExactly(new Started(FIRST, failed(10)));
    }

    private static Line ending(int hours) {
        return new Ending(FIRST, failed(10), Duration.ofHours(hours));
    }

    private static Opening opening(Validation lastLicensed, Validation firstFailure) {
        return new Opening(lastLicensed.id(), firstFailure.id());
    }
}
