package dev.interlock.license.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthReadingTest {
    @Test
    @Clause("L84")
    void onlySuccessIsUp() {
        assertThat(new HealthReading.Answered("success", "2021.05").health())
                .isEqualTo(new HealthReading.Health(true, null, null, "2021.05"));
        for (String other : new String[] {"failure", "Success", "", "unknown"}) {
            assertThat(new HealthReading.Answered(other, null).health().up())
                    .as(other)
                    .isFalse();
        }
        assertThat(new HealthReading.Answered(null, null).health().cause()).contains("says nothing");
        assertThat(new HealthReading.NotAHealthDocument(200).health().up()).isFalse();
    }

    @Test
    @Clause("L87")
    void refusedIsTheServiceAndThenThePort() {
        var health = new HealthReading.Refused(7070).health();
        assertThat(health.cause()).isEqualTo("connection refused at port 7070");
        assertThat(health.next()).containsSubsequence("is-active flexnetls-TERADICI", "port is open");
        assertThat(new LogReading("active", List.of("started")).cause()).contains("the port is closed or another one");
        assertThat(new LogReading("inactive", List.of("stopped")).cause())
                .isEqualTo("its service is inactive; its log ends with: stopped");
    }

    @Test
    @Clause("L88")
    void notConfiguredForHttpsIsTheCertificateBundle() {
        assertThat(new HealthReading.NotHttps().health().next()).contains("certificate bundle", "reinstall");
        assertThat(new LogReading("failed", List.of("FNE License Server has not been configured for HTTPS")).cause())
                .startsWith("it has not been configured for HTTPS");
    }

    @Test
    @Clause("L89")
    void thatTheVendorIsNotReachedIsNoCauseInADarkSite() {
        var log = new LogReading(
                "failed", List.of("disk full", "ERROR Unable to connect to compliance.teradici.flexnetoperations.com"));
        assertThat(log.log()).containsExactly("disk full");
        assertThat(log.cause()).doesNotContain("compliance");
    }

    @Test
    @Clause("L90")
    void unreachableIsTheFirewallAnUnknownNameIsDnsAndNoLogIsTheJournal() {
        assertThat(new HealthReading.Unreachable().health().next()).contains("firewall");
        assertThat(new HealthReading.NameUnknown("lic-1").health().next()).contains("DNS");
        assertThat(new HealthReading.TooSlow(Duration.ofSeconds(5)).health().next())
                .contains("firewall");
        assertThat(new LogReading("failed", List.of()).cause()).contains("journalctl -u flexnetls-TERADICI");
    }

    @Test
    @Clause("L9")
    void corruptedTrustedStorageIsSeenInTheLogOfAServerThatDoesNotStart() {
        var line = "Trusted storage in /var/opt/flexnetls/TERADICI is corrupted: it has been moved or modified.";
        assertThat(new LogReading("failed", List.of(line, "exiting")).storageCorrupted())
                .isEqualTo(line);
        assertThat(new LogReading("active", List.of(line, "started again")).storageCorrupted())
                .as("mended since")
                .isNull();
    }

    @Test
    @Clause({"L39", "L40"})
    void theVendorsRulesForThePassword() {
        assertThat(AdminPassword.flaws("Abcdef1!")).isEmpty();
        assertThat(AdminPassword.flaws("A" + "b".repeat(27) + "1!")).isEmpty();
        assertThat(AdminPassword.flaws("1P@ssw0rd!")).isEmpty();
        assertThat(AdminPassword.isInitial("1P@ssw0rd!")).isTrue();
        assertThat(AdminPassword.isInitial("1P@ssw0rd?")).isFalse();
        for (String wrong : new String[] {
            "Abcde1!",
            "A" + "b".repeat(28) + "1!",
            "ABCDEF1!",
            "abcdef1!",
            "Abcdefg!",
            "Abcdefg1",
            "Abcdef1! ",
            "Abcdef1!'",
            "Abcdef1!\"",
            "Abcdef1!\\"
        }) {
            assertThat(AdminPassword.flaws(wrong)).as(wrong).hasSize(1);
        }
    }
}
