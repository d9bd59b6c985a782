package dev.interlock.inventory.domain;

import static dev.interlock.inventory.domain.Estate.facts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConflictTest {

    private static final Facts ALONE =
            facts(Map.of("pcoip-license-server", "23.04"), Map.of("flexnetls-TERADICI", "active"));

    @Test
    @Clause("L5")
    void isALicenseServerBesideAnOlderOneOrOneOfNvidia() {
        var grid = facts(Map.of("pcoip-license-server", "23.04", "nvidia-vgpu-license-server", "2023.10"), Map.of());
        var gridUnit = facts(Map.of(), Map.of("flexnetls-TERADICI", "active", "flexnetls-nvidia", "inactive"));
        var older = facts(Map.of("pcoip-license-server", "1.1.0, 23.04"), Map.of());

        assertThat(Conflict.in(ALONE)).isEmpty();
        for (var facts : List.of(grid, gridUnit, older)) {
            assertThat(Conflict.in(facts)).singleElement().satisfies(conflict -> {
                assertThat(conflict.rule()).isEqualTo("license-servers-on-one-machine");
                assertThat(conflict.clause()).isEqualTo("L5");
                assertThat(conflict.detail()).contains(facts.equals(older) ? "PCoIP License Server 1.1.0" : "NVIDIA");
                assertThat(conflict.next()).isNotBlank();
            });
        }
        assertThat(Conflict.in(facts(Map.of("nvidia-vgpu-license-server", "2023.10"), Map.of())))
                .as("alone it is nobody's trouble")
                .isEmpty();
    }

    @Test
    @Clause("L5")
    void isToldAsAFactWhenItComesAndWhenItGoes() {
        var both = facts(
                Map.of("pcoip-license-server", "23.04"),
                Map.of("flexnetls-TERADICI", "active", "flexnetls-nvidia", "active"));

        assertThat(both.since(ALONE))
                .extracting(Facts.Difference::fact)
                .containsExactly("conflicts.license-servers-on-one-machine", "units.flexnetls-nvidia");
        assertThat(ALONE.since(both))
                .filteredOn(each -> each.fact().startsWith("conflicts."))
                .singleElement()
                .satisfies(gone -> assertThat(gone.after()).isNull());
    }
}
