package dev.interlock.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureMeaningTest {
    @ParameterizedTest
    @Clause({"L18", "L87", "L90", "L91"})
    @CsvSource(
            delimiter = '|',
            value = {
                "no software licenses are available on your cloud license server (https://x)|L18|expired",
                "my licenses have disappeared|L18|expired",
                "no-license|L18|expired",
                "no available licenses|L91|pool",
                "connection refused|L87|port",
                "host unreachable|L90|firewall",
                "could not resolve host|L90|DNS",
                "certificate verify failed|L68|certificate",
                "there are no configured license servers|L63|license server",
                "something else|L36|validate"
            })
    void wordsOfAFailureAreSaidInOursWithWhereToLook(String reason, String clause, String word) {
        var meaning = FailureMeaning.of(reason);
        assertThat(meaning.clause()).isEqualTo(clause);
        assertThat(meaning.meaning() + meaning.next()).contains(word);
        assertThat(meaning.next()).endsWith(".");
    }
}
