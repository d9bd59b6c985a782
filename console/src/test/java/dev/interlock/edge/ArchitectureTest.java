package dev.interlock.edge;

import dev.interlock.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void keepsToTheRulesOfTheProduct() {
        ArchitectureRules.check("dev.interlock.edge");
    }
}
