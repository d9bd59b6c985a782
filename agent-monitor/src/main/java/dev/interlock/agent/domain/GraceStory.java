package dev.interlock.agent.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the world has been told of an agent's grace, and what it must be told next.
 *
 * <p>The story is about the present only. Of one agent it is always {@code Started, Ending*, then Ended or Expired}, and again
 * from Started: a period is closed before the next one opens, and each thing is told once. A late report changes it in one of
 * these ways, so that nothing told is ever contradicted but by a correction of the same period:
 *
 * <ul>
 *   <li>it concerns the past only (an outage that was over already): nothing is told, the API's list shows it;
 *   <li>a failure shows that the present outage began earlier: its period is told as Started again, same id, earlier times;
 *   <li>a success shows that the told outage was over: it is told as Ended – after Expired too, if the success was in time –
 *       and what fails since then is a new period.
 * </ul>
 */
public final class GraceStory {
    private GraceStory() {}

    /**
     * The period that was told last and is not closed by a success.
     *
     * @param opening of the period when it was told first, which gives it its name
     * @param noticed the shortest notice given, null before the first
     */
    public record Told(
            Opening opening,
            Validation firstFailure,
            @Nullable Duration noticed,
            boolean expired) {
        Instant startedAt() {
            return firstFailure.at();
        }

        Instant endsAt() {
            return startedAt().plus(GracePeriod.LENGTH);
        }
    }

    /** Names a period for ever: no second period has both the same last success and the same first failure. */
    public record Opening(String lastLicensed, String firstFailure) {}

    /** One thing to tell. */
    public sealed interface Line {
        Opening opening();

        /** A period opens, or turns out to have begun earlier than told. */
        record Started(Opening opening, Validation firstFailure) implements Line {}

        /** {@code notice} before the end. Told late rather than never, but always before the end is. */
        record Ending(Opening opening, Validation firstFailure, Duration notice) implements Line {}

        record Expired(Opening opening, Validation firstFailure) implements Line {}

        record Ended(Opening opening, Validation firstFailure, Validation reset) implements Line {}
    }

    /**
     * @param told the story after the lines, null when no period is open or expired
     * @param wakeAt when there is something to tell even if nothing is heard until then
     */
    public record Next(
            @Nullable Told told, List<Line> lines, @Nullable Instant wakeAt) {}

    /** Pure: asked again with the outcome, the same standing and the same time, there is nothing to tell. */
    public static Next tell(@Nullable Told told, Standing standing, List<Duration> notices, Instant now) {
        var lines = new ArrayList<Line>();
        @Nullable Told open = told;
        if (open != null) {
            open = closedOrMoved(open, standing, lines);
        }
        if (open == null) {
            if (!(standing instanceof Standing.Failing(var period))) {
                return new Next(null, List.copyOf(lines), null);
            }
            var opening = new Opening(
                    period.lastLicensed().id(), period.firstFailure().id());
            open = new Told(opening, period.firstFailure(), null, false);
            lines.add(new Line.Started(opening, period.firstFailure()));
        }
        if (open.expired()) {
            return new Next(open, List.copyOf(lines), null);
        }
        @Nullable Duration noticed = open.noticed();
        @Nullable Instant wakeAt = open.endsAt();
        for (Duration notice : longestFirst(notices)) {
            if (noticed != null && notice.compareTo(noticed) >= 0) {
                continue;
            }
            if (now.isBefore(open.endsAt().minus(notice))) {
                wakeAt = open.endsAt().minus(notice);
                break;
            }
            lines.add(new Line.Ending(open.opening(), open.firstFailure(), notice));
            noticed = notice;
        }
        boolean over = !now.isBefore(open.endsAt());
        if (over) {
            lines.add(new Line.Expired(open.opening(), open.firstFailure()));
            wakeAt = null;
        }
        return new Next(new Told(open.opening(), open.firstFailure(), noticed, over), List.copyOf(lines), wakeAt);
    }

    private static @Nullable Told closedOrMoved(Told told, Standing standing, List<Line> lines) {
        @Nullable
        Validation latestSuccess = switch (standing) {
            case Standing.NeverLicensed() -> null;
            case Standing.Licensed(var latest) -> latest;
            case Standing.Failing(var period) -> period.lastLicensed();
        };
        if (latestSuccess != null && latestSuccess.compareTo(told.firstFailure()) > 0) {
            boolean tooLate = !latestSuccess.at().isBefore(told.endsAt());
            if (!(told.expired() && tooLate)) {
                lines.add(new Line.Ended(told.opening(), told.firstFailure(), latestSuccess));
            }
            return null;
        }
        if (!(standing instanceof Standing.Failing(var period))) {
            throw new IllegalStateException("a failure that was told of is not known");
        }
        var truth = period.firstFailure();
        if (told.expired() || truth.compareTo(told.firstFailure()) >= 0) {
            // an expired period is not moved: it is over by either account
            return told;
        }
        if (truth.at().isBefore(told.startedAt())) {
            lines.add(new Line.Started(told.opening(), truth));
        }
        return new Told(told.opening(), truth, told.noticed(), false);
    }

    private static List<Duration> longestFirst(List<Duration> notices) {
        return notices.stream()
                .filter(notice -> notice.compareTo(GracePeriod.LENGTH) < 0)
                .sorted(Comparator.<Duration>reverseOrder())
                .toList();
    }
}
