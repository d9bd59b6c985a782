package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LicenseListTest {
    /** As seed 001 prints it, with its wrapped lines. */
    private static final String PRINTED = """
            =====================================================================

            Name                Count                Version
            Type                Expiration
            =====================================================================

            Agent-Graphics      1                    2019.0209
            CONCURRENT          2019-02-09
            Agent-Session       1                    2019.0209
            CONCURRENT          2019-02-09

            Total number of features : 2

            =====================================================================
            Feature ID          Feature Name          Feature Version
            Feature Count Used/Available
            =====================================================================
            1                   Agent-Graphics
            2019.0209           0/1
            2                   Agent-Session
            2019.0209           0/1
            =====================================================================

            Total feature count      : 2
            """;

    @Test
    @Clause("L52")
    void theSourcesOwnTableIsRead() {
        assertThat(LicenseList.of(PRINTED))
                .hasValue(new LicenseList(Map.of("Agent-Graphics 2019-02-09", 1, "Agent-Session 2019-02-09", 1)));
    }

    @Test
    void linesThatDoNotWrapAreReadTheSame() {
        String wide = """
                ==========================================
                Name     Count    Version    Type    Expiration
                ==========================================
                Agent-Session 20 2027.1121 CONCURRENT 2027-11-21
                Agent-Session 5 2027.1121 CONCURRENT 2027-11-21
                Total number of features : 2
                """;
        assertThat(LicenseList.of(wide)).hasValue(new LicenseList(Map.of("Agent-Session 2027-11-21", 25)));
    }

    @Test
    void aServerWithoutLicensesHasAnEmptyListAndOtherTextHasNone() {
        assertThat(LicenseList.of("Type Expiration\n==========\n\nTotal number of features : 0\n"))
                .hasValue(new LicenseList(Map.of()));
        assertThat(LicenseList.of("ERROR: Invalid password")).isEmpty();
        assertThat(LicenseList.of("Expiration\n==========\nAgent-Session many\nTotal number of features : 1"))
                .isEmpty();
    }

    @Test
    @Clause("L52")
    void differencesAreCountedAndWhatExpiredIsSaidToHaveExpired() {
        var before = new LicenseList(Map.of("Agent-Session 2027-11-21", 25, "Agent-Graphics 2026-11-20", 5));
        var after = new LicenseList(Map.of("Agent-Session 2027-11-21", 22));
        assertThat(after.differences(before, "2026-11-21"))
                .containsExactly(
                        "Agent-Graphics until 2026-11-20, which is over (L18), counts 0, not 5",
                        "Agent-Session until 2027-11-21 counts 22, not 25");
        assertThat(before.differences(before, "2026-11-21")).isEmpty();
    }

    @Test
    void whatIsWrittenDownIsReadBack() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            var counts = new TreeMap<String, Integer>();
            for (int n = random.nextInt(6); n > 0; n--) {
                counts.put(
                        "Agent-" + random.nextInt(9) + " 2027-0" + (1 + random.nextInt(9)) + "-01",
                        random.nextInt(1000));
            }
            var list = new LicenseList(counts);
            assertThat(LicenseList.read(list.text())).isEqualTo(list);
        }
    }
}
