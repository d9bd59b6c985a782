package dev.interlock.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.data.connection.jdbc.exceptions.CannotGetJdbcConnectionException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    @Test
    void aMessageLosesItsSecretsItsLinesAndItsTail() {
        assertThat(DeadLetter.withoutSecrets("login failed: password=hunter2, token: abc.def\n at line 3"))
                .isEqualTo("login failed: password=*** token: *** at line 3");
        assertThat(DeadLetter.withoutSecrets("key -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- end"))
                .isEqualTo("key *** end");
        assertThat(DeadLetter.withoutSecrets("x".repeat(900))).hasSize(501);
    }

    @Test
    void whatWillPassIsToldFromWhatWillNot() {
        assertThat(Transience.of(new RuntimeException(new SQLException("gone", "08006"))))
                .isEqualTo(Transience.OUTAGE);
        assertThat(Transience.of(new SQLException("shut down", "57P01"))).isEqualTo(Transience.OUTAGE);
        assertThat(Transience.of(
                        new CannotGetJdbcConnectionException("pool", new SQLTransientConnectionException("timed out"))))
                .isEqualTo(Transience.OUTAGE);
        assertThat(Transience.of(new SQLException("deadlock", "40P01"))).isEqualTo(Transience.CONTENTION);
        assertThat(Transience.of(new SQLException("duplicate", "23505"))).isEqualTo(Transience.FAULT);
        assertThat(Transience.of(new IllegalStateException("bug"))).isEqualTo(Transience.FAULT);
        var masked = new RuntimeException("rollback failed");
        masked.addSuppressed(new SQLException("gone", "08003"));
        assertThat(Transience.of(masked)).isEqualTo(Transience.OUTAGE);
    }
}
