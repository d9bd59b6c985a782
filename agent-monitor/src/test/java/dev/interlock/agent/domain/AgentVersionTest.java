package dev.interlock.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentVersionTest {
    @ParameterizedTest
    @Clause("L4")
    @CsvSource({
        "2.10.3, true",
        "2.9, true",
        "2.9.11, true",
        "1.99, true",
        "PCoIP Agent 2.7.0-1234, true",
        "2.11, false",
        "2.11.0, false",
        "2.12, false",
        "20.04.1, false",
        "23.04, false",
        "unknown, false"
    })
    void isOlderThanTwoElevenByItsNumbers(String version, boolean older) {
        assertThat(AgentVersion.olderThan(version, "2.11")).isEqualTo(older);
    }
}
