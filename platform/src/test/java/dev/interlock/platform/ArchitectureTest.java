package dev.interlock.platform;

import dev.interlock.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsToTheRulesOfTheProduct() {
        ArchitectureRules.check("dev.interlock.platform", "dev.interlock.contracts");
    }
}
