package dev.interlock.siem.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);
    private static final long SECOND = 1_000_000_000L;

    private final Confirmations confirmations = new Confirmations(Duration.ofSeconds(1));

    @Test
    void whatWasWrittenIsNotConfirmed() {
        confirmations.written(A, 7);
        confirmations.settle(100 * SECOND);
        assertThat(confirmations.sure(A, 8)).isNull();
        assertThat(confirmations.unconfirmed()).isEqualTo(1);
    }

    @Test
    void whatTheReceiverReadIsConfirmedWhenItLivedOn() {
        confirmations.written(A, 7);
        confirmations.written(A, 8);
        confirmations.closed(10 * SECOND);
        assertThat(confirmations.settle(10 * SECOND + SECOND - 1)).isFalse();
        assertThat(confirmations.sure(A, 9)).isNull();
        assertThat(confirmations.settle(11 * SECOND)).isTrue();
        confirmations.written(A, 9);
        assertThat(confirmations.sure(A, 10)).as("while the next one waits").isEqualTo(9);
        confirmations.closed(11 * SECOND);
        confirmations.settle(12 * SECOND);
        assertThat(confirmations.sure(A, 15))
                .as("what is not ours to write needs no receiver")
                .isEqualTo(15);
        assertThat(confirmations.unconfirmed()).isZero();
    }

    @Test
    void aBreakLeadsBackToWhatIsConfirmed() {
        confirmations.written(A, 7);
        confirmations.closed(0);
        confirmations.settle(SECOND);
        confirmations.written(A, 8);
        confirmations.closed(2 * SECOND);
        confirmations.written(A, 9);
        confirmations.written(B, 100);
        assertThat(confirmations.unconfirmed()).isEqualTo(3);
        assertThat(confirmations.broken()).isEqualTo(Map.of(A, 8L, B, 100L));
        assertThat(confirmations.unconfirmed()).isZero();
    }

    @Test
    void whatWasReadButDidNotSettleIsWrittenAgain() {
        confirmations.written(A, 7);
        confirmations.closed(0);
        assertThat(confirmations.broken()).isEqualTo(Map.of(A, 7L));
        confirmations.settle(100 * SECOND);
        assertThat(confirmations.sure(A, 8)).isEqualTo(7);
    }

    @Test
    void aCommitBetweenABreakAndTheWayBackTakesNothingForSure() {
        confirmations.written(A, 7);
        confirmations.closed(0);
        confirmations.settle(SECOND);
        confirmations.written(A, 8);
        confirmations.written(B, 100);
        confirmations.broken();
        assertThat(confirmations.sure(A, 9)).as("Connect is not yet back").isEqualTo(8);
        assertThat(confirmations.sure(B, 101)).isEqualTo(100);
        assertThat(confirmations.sure(A, 8)).as("Connect is back").isEqualTo(8);
        confirmations.written(A, 8);
        assertThat(confirmations.sure(A, 9)).as("written again, not confirmed").isEqualTo(8);
        confirmations.closed(2 * SECOND);
        confirmations.settle(3 * SECOND);
        assertThat(confirmations.sure(A, 9)).isEqualTo(9);
        confirmations.forget(List.of(B));
        assertThat(confirmations.sure(B, 200))
                .as("another time that it is ours")
                .isEqualTo(200);
    }

    @Test
    void aBreakWithNothingOpenLeadsNowhere() {
        confirmations.written(A, 7);
        confirmations.closed(0);
        confirmations.settle(SECOND);
        assertThat(confirmations.broken()).isEmpty();
    }

    @Test
    void aPartitionThatAnotherTaskHasIsForgotten() {
        confirmations.written(A, 7);
        confirmations.written(B, 8);
        confirmations.closed(0);
        confirmations.written(A, 8);
        confirmations.forget(List.of(A));
        assertThat(confirmations.broken()).isEqualTo(Map.of(B, 8L));
        confirmations.written(A, 50);
        assertThat(confirmations.broken()).as("begins where this task does").isEqualTo(Map.of(A, 50L));
    }
}
