package dev.interlock.inventory.domain;

import static dev.interlock.inventory.domain.Estate.KEY;
import static dev.interlock.inventory.domain.Estate.MINUTE;
import static dev.interlock.inventory.domain.Estate.NOON;
import static dev.interlock.inventory.domain.Estate.OTHER_KEY;
import static dev.interlock.inventory.domain.Estate.keeper;
import static dev.interlock.inventory.domain.Estate.read;
import static dev.interlock.inventory.domain.Estate.readWithOffset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.Facts.Difference;
import dev.interlock.inventory.domain.Host.Observed;
import dev.interlock.inventory.domain.ProbeOutcome.Failed;
import dev.interlock.inventory.domain.ProbeOutcome.Reason;
import dev.interlock.testkit.Clause;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostTest {

    private static final ProbeOutcome REFUSED = new Failed(Reason.REFUSED, "connection refused");

    private static Observed observe(Host host, ProbeOutcome outcome) {
        return host.observe(outcome, NOON, MINUTE);
    }

    private static Host reachable() {
        return observe(Estate.pinned(), read(keeper("1.4.0"))).host();
    }

    @Test
    void isDiscoveredByTheFirstProbeThatReadsIt() {
        var seen = observe(Estate.pinned(), read(keeper("1.4.0")));

        assertThat(seen.findings()).containsExactly(new Finding.Discovered());
        assertThat(seen.publish()).isTrue();
        assertThat(seen.host().status()).isEqualTo(HostStatus.REACHABLE);
        assertThat(Objects.requireNonNull(seen.host().seen()).components())
                .containsExactly(new Installed(Product.KEEPER, "1.4.0", "standalone"));
    }

    @Test
    void saysNothingWhenNothingHasChanged() {
        var again = observe(reachable(), read(keeper("1.4.0")));

        assertThat(again.findings()).isEmpty();
        assertThat(again.publish()).isFalse();
    }

    @Test
    void saysNothingWhenOnlyDiskAndClockDrift() {
        var drifted = new ProbeOutcome.Read(keeper("1.4.0"), Estate.gauges(900, 49_000_000_000L), null);

        assertThat(observe(reachable(), drifted)).matches(o -> o.findings().isEmpty() && !o.publish());
    }

    @Test
    void publishesWithoutAnEventWhenTheDiskHasFilledByATenthSinceItWasLastPublished() {
        var host = reachable();
        boolean published = false;
        for (long free = 49; free >= 44; free--) {
            var observed = observe(
                    host, new ProbeOutcome.Read(keeper("1.4.0"), Estate.gauges(0, free * 1_000_000_000L), null));
            assertThat(observed.findings()).isEmpty();
            published |= observed.publish();
            host = observed.host();
        }
        assertThat(published).as("six small steps make one that matters").isTrue();
    }

    @Test
    void tellsWhichFactsAndWhichComponentChanged() {
        var updated = observe(reachable(), read(keeper("1.5.0")));

        assertThat(updated.findings())
                .containsExactly(
                        new Finding.FactsChanged(List.of(
                                new Difference("packages.kcm-guacamole", "1.4.0", "1.5.0"),
                                new Difference("packages.kcm-guacd", "1.4.0", "1.5.0"))),
                        new Finding.ComponentChanged(Product.KEEPER, "standalone", "1.4.0", "1.5.0"));
    }

    @Test
    void tellsThatAComponentWentAndCame() {
        var bare = read(Estate.facts(Map.of(), Map.of()));
        var gone = observe(reachable(), bare);
        var back = observe(gone.host(), read(keeper("1.5.0")));

        assertThat(gone.findings()).contains(new Finding.ComponentChanged(Product.KEEPER, "standalone", "1.4.0", null));
        assertThat(back.findings()).contains(new Finding.ComponentChanged(Product.KEEPER, "standalone", null, "1.5.0"));
    }

    @Test
    void becomesUnreachableOnceAndReachableAgain() {
        var down = observe(reachable(), REFUSED);
        var still = observe(down.host(), REFUSED);
        var up = observe(still.host(), read(keeper("1.4.0")));

        assertThat(down.findings()).singleElement().isInstanceOf(Finding.BecameUnreachable.class);
        assertThat(still.findings()).isEmpty();
        assertThat(Objects.requireNonNull(still.host().trouble()).failures()).isEqualTo(2);
        assertThat(up.findings()).containsExactly(new Finding.BecameReachable(NOON));
        assertThat(up.host().trouble()).isNull();
    }

    @Test
    void waitsForAPersonsWordAboutAnUnknownKeyAndIsQuiet() {
        var seen = observe(Estate.unpinned(), new ProbeOutcome.KeyUnknown(KEY));

        assertThat(seen.findings()).isEmpty();
        assertThat(seen.host().status()).isEqualTo(HostStatus.NEW);
        assertThat(seen.host().presented()).isEqualTo(KEY);
        assertThat(Objects.requireNonNull(seen.host().trouble()).next())
                .contains("POST /api/v1/hosts/" + seen.host().id() + "/host-key");
        assertThat(seen.host().pinned(KEY).trouble()).isNull();
    }

    @Test
    void stopsWhenTheKeyHasChangedAndSaysSoOnceForEachKey() {
        var changed = observe(reachable(), new ProbeOutcome.KeyChanged(OTHER_KEY));
        var again = observe(changed.host(), new ProbeOutcome.KeyChanged(OTHER_KEY));
        var down = observe(again.host(), REFUSED);

        assertThat(changed.findings()).containsExactly(new Finding.KeyChanged(KEY, OTHER_KEY));
        assertThat(changed.host().status()).isEqualTo(HostStatus.HOST_KEY_CHANGED);
        assertThat(again.findings()).isEmpty();
        assertThat(down.host().status()).as("not to answer clears nothing").isEqualTo(HostStatus.HOST_KEY_CHANGED);
    }

    @Test
    void goesOnWhenAPersonAcceptsTheNewKey() {
        var changed =
                observe(reachable(), new ProbeOutcome.KeyChanged(OTHER_KEY)).host();
        var accepted = changed.pinned(OTHER_KEY);
        var read = observe(accepted, read(keeper("1.4.0")));

        assertThat(accepted.presented()).isNull();
        assertThat(read.host().status()).isEqualTo(HostStatus.REACHABLE);
        assertThat(read.findings()).containsExactly(new Finding.BecameReachable(NOON));
    }

    @Test
    @Clause("G5")
    void detectsSkewBeyondAMinuteAndClearsItOnlyWhenItIsCertainlyWithin() {
        var fine = observe(reachable(), readWithOffset(60_005));
        var skewed = observe(fine.host(), readWithOffset(60_011));
        var unsure = observe(skewed.host(), readWithOffset(59_995));
        var right = observe(unsure.host(), readWithOffset(-59_990));

        assertThat(fine.findings())
                .as("within the error bound nothing is certain")
                .isEmpty();
        assertThat(skewed.findings()).containsExactly(new Finding.SkewDetected(new ClockReading(60_011, 10), MINUTE));
        assertThat(unsure.findings()).isEmpty();
        assertThat(right.findings()).containsExactly(new Finding.SkewCleared(new ClockReading(-59_990, 10), MINUTE));
    }

    @Test
    void learnsNothingOnceRetired() {
        var retired = reachable().retire();

        assertThat(observe(retired, REFUSED)).isEqualTo(new Observed(retired, List.of(), false));
    }

    @Test
    void countsAsAnotherVersionOnlyWhenAPersonChangesSomething() {
        var host = reachable();

        assertThat(host.version()).isEqualTo(1);
        assertThat(host.edited(host.settings())).isSameAs(host);
        assertThat(host.pinned(KEY)).isSameAs(host);
        assertThat(host.retire().version()).isEqualTo(2);
    }
}
