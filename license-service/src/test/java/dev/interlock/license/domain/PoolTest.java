package dev.interlock.license.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final Instant BOUGHT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");
    private static final ServerId BERLIN = new ServerId(new UUID(1, 1));
    private static final ServerId TOKYO = new ServerId(new UUID(1, 2));

    private static Pool pool(Map<ServerId, Allotment> allotments) {
        return new Pool(new ActivationCode("1234-ABCD-EF12-3456"), 30, "pcoip-session", END, allotments, BOUGHT);
    }

    @Test
    void fiveAndThenTenMakesTen() {
        var five = (Activated) pool(Map.of()).activate(BERLIN, 5, NOW);
        assertThat(five.pool().activate(BERLIN, 10, NOW))
                .isEqualTo(new Activated(pool(Map.of(BERLIN, new Allotment(10, 0))), 10, 5));
    }

    @Test
    void aLowerTotalReturnsTheDifference() {
        var before = pool(Map.of(BERLIN, new Allotment(25, 3), TOKYO, new Allotment(5, 5)));
        assertThat(before.activate(BERLIN, 20, NOW))
                .isEqualTo(
                        new Activated(pool(Map.of(BERLIN, new Allotment(20, 3), TOKYO, new Allotment(5, 5))), 20, -5));
    }

    @Test
    void zeroReturnsAll() {
        var before = pool(Map.of(BERLIN, new Allotment(25, 0)));
        assertThat(before.activate(BERLIN, 0, NOW))
                .isEqualTo(new Activated(pool(Map.of(BERLIN, new Allotment(0, 0))), 0, -25));
    }

    @Test
    void theSameTotalChangesNothing() {
        var before = pool(Map.of(BERLIN, new Allotment(25, 25)));
        assertThat(before.activate(BERLIN, 25, NOW)).isEqualTo(new Activated(before, 25, 0));
    }

    @Test
    void whatOtherServersHoldIsNotAvailable() {
        var before = pool(Map.of(BERLIN, new Allotment(4, 0), TOKYO, new Allotment(20, 0)));
        assertThat(before.activate(BERLIN, 11, NOW)).isEqualTo(new CountExceeded(11, 10, 30));
        assertThat(before.activate(BERLIN, 10, NOW)).isInstanceOf(Activated.class);
    }

    @Test
    void moreThanThePurchaseIsNotAvailable() {
        assertThat(pool(Map.of()).activate(BERLIN, 31, NOW)).isEqualTo(new CountExceeded(31, 30, 30));
        assertThat(pool(Map.of()).activate(BERLIN, Integer.MAX_VALUE, NOW))
                .isEqualTo(new CountExceeded(Integer.MAX_VALUE, 30, 30));
    }

    @Test
    void anExpiredPurchaseCanOnlyBeReturned() {
        var before = pool(Map.of(BERLIN, new Allotment(4, 0)));
        assertThat(before.activate(BERLIN, 5, END)).isEqualTo(new PoolHasExpired(END));
        assertThat(before.activate(BERLIN, 5, END.minusNanos(1))).isInstanceOf(Activated.class);
        assertThat(before.activate(BERLIN, 0, END)).isInstanceOf(Activated.class);
    }

    @Test
    void aLicenceThatASessionHoldsIsNotReturned() {
        var before = pool(Map.of(BERLIN, new Allotment(4, 3)));
        assertThat(before.activate(BERLIN, 2, NOW)).isEqualTo(new LicensesInUse(2, 3));
        assertThat(before.activate(BERLIN, 3, NOW)).isInstanceOf(Activated.class);
    }

    @Test
    void cannotBeBuiltWithMoreActiveThanBought() {
        var tooMany = Map.of(BERLIN, new Allotment(20, 0), TOKYO, new Allotment(11, 0));
        assertThatThrownBy(() -> pool(tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Allotment(3, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void codesAreEqualOnlyWithCaseAndDashes() {
        var code = new ActivationCode("1234-ABCD-EF12-3456");
        assertThat(code).isNotEqualTo(new ActivationCode("1234-abcd-EF12-3456"));
        assertThat(code).isNotEqualTo(new ActivationCode("1234ABCDEF123456"));
        assertThat(code.likeness()).isEqualTo(new ActivationCode("1234abcdEF123456").likeness());
        for (String bad : new String[] {"", " 1234", "12 34", "1234\n", "-1234", "a".repeat(65), "ä", "1234_5"}) {
            assertThat(ActivationCode.isWellFormed(bad)).as("'%s'", bad).isFalse();
        }
    }
}
