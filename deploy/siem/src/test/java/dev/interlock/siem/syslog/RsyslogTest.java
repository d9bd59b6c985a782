package dev.interlock.siem.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.embedded.Ports;
import dev.interlock.siem.syslog.SyslogProof.Disturbance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with the real things at both ends, where rsyslog is installed. */
class RsyslogTest {

    @Test
    void nothingIsLostThoughReceiverAndWorkerAreStoppedKilledAndFrozen(@TempDir Path folder) throws Exception {
        var missing = Rsyslog.missing(false);
        assumeTrue(missing == null, () -> "not proven here: " + missing);
        try (var proof = new SyslogProof(folder.resolve("proof"), RsyslogTest::say)) {
            var result = proof.run(
                    10_000,
                    List.of(
                            Disturbance.RECEIVER_STOPPED,
                            Disturbance.WORKER_KILLED,
                            Disturbance.RECEIVER_FROZEN_AND_KILLED,
                            Disturbance.RECEIVER_KILLED),
                    false,
                    "ocsf",
                    Map.of(
                            "syslog.confirm.interval.ms", "300",
                            "syslog.settle.ms", "300",
                            "syslog.close.timeout.ms", "2000",
                            "syslog.write.timeout.ms", "2000",
                            "syslog.backoff.min.ms", "50",
                            "syslog.backoff.max.ms", "500"));
            say(String.valueOf(result));
            assertThat(result.lost()).isZero();
            assertThat(result.orderViolations()).isZero();
            assertThat(result.unknown()).isZero();
            assertThat(result.received()).isEqualTo(10_000 + result.duplicates());
        }
    }

    @Test
    void overTlsNothingIsLostEither(@TempDir Path folder) throws Exception {
        var missing = Rsyslog.missing(true);
        assumeTrue(missing == null, () -> "not proven here: " + missing);
        try (var proof = new SyslogProof(folder.resolve("proof"), RsyslogTest::say)) {
            var result = proof.run(
                    2_000,
                    List.of(Disturbance.RECEIVER_STOPPED),
                    true,
                    "cef",
                    Map.of(
                            "syslog.confirm.interval.ms",
                            "300",
                            "syslog.settle.ms",
                            "300",
                            "syslog.backoff.min.ms",
                            "50"));
            say(String.valueOf(result));
            assertThat(result.lost()).isZero();
            assertThat(result.orderViolations()).isZero();
        }
    }

    @Test
    void aReceiverThatIsNotWhoItShouldBeIsNotSpokenTo(@TempDir Path folder) throws Exception {
        var missing = Rsyslog.missing(true);
        assumeTrue(missing == null, () -> "not proven here: " + missing);
        int port = Ports.free();
        var certificates = Rsyslog.Certificates.forAddress(folder.resolve("right"), "127.0.0.1");
        var others = Rsyslog.Certificates.forAddress(folder.resolve("other"), "127.0.0.1");
        try (var receiver = Rsyslog.on(folder.resolve("rsyslog"), port, certificates)) {
            receiver.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> Ports.accepts(port));
            opened("127.0.0.1", port, certificates, true).abort();
            assertThatThrownBy(() -> opened("localhost", port, certificates, true))
                    .as("the certificate is for another name")
                    .isInstanceOf(SSLException.class);
            opened("localhost", port, certificates, false).abort();
            assertThatThrownBy(() -> opened("127.0.0.1", port, others, true))
                    .as("the certificate is of another authority")
                    .isInstanceOf(SSLException.class);
        }
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private static SyslogConnection opened(String host, int port, Rsyslog.Certificates trusted, boolean check)
            throws Exception {
        var config = new SyslogConfig(Map.of(
                "syslog.host", host,
                "syslog.port", Integer.toString(port),
                "syslog.tls.ca", trusted.ca().toString(),
                "syslog.tls.check.host", Boolean.toString(check)));
        return SyslogConnection.open(config, SyslogTls.socketFactory(config), Time.SYSTEM);
    }
}
