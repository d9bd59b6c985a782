package dev.interlock.inventory.adapter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.inventory.domain.ClockReading;
import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.Recognizer;
import dev.interlock.testkit.Clause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeOutputTest {

    private static final String ROCKY = """
            Welcome to kcm-01!
            @@interlock-probe 1
            @@clock 1772366400.500000000
            @@os
            NAME="Rocky Linux"
            VERSION_ID="9.4"
            @@kernel
            5.14.0-427.el9.x86_64
            x86_64
            @@rpm
            kcm-guacamole 1.4.0-1.el9
            kcm-guacd 1.4.0-1.el9
            kcm-guacd 1.5.0-1.el9
            @@dpkg
            @@units
            Id=guacamole.service
            LoadState=loaded
            ActiveState=active

            Id=guacd.service
            LoadState=loaded
            ActiveState=failed

            Id=tomcat.service
            LoadState=not-found
            ActiveState=inactive
            @@ports
            State  Recv-Q Send-Q Local Address:Port Peer Address:Port
            LISTEN 0      128          0.0.0.0:22        0.0.0.0:*
            LISTEN 0      100                *:8080            *:*
            LISTEN 0      5               [::]:4822         [::]:*
            LISTEN 0      5          127.0.0.1:45123        [::]:*
            LISTEN 0      5          127.0.0.1:61616        [::]:*
            @@cores
            4
            @@memory
            MemTotal:        8000000 kB
            MemAvailable:    6000000 kB
            @@disk
            Filesystem     1024-blocks    Used Available Capacity Mounted on
            /dev/vda1         41931756 9000000  32931756      22% /
            @@clock-end 1772366400.700000000
            @@end
            """;

    @Test
    void readsAHostWithRpm() throws Exception {
        var output = ProbeOutput.parse(ROCKY);

        assertThat(output.facts())
                .isEqualTo(new Facts(
                        new Facts.OperatingSystem("Rocky Linux", "9.4"),
                        "5.14.0-427.el9.x86_64",
                        "x86_64",
                        new TreeMap<>(Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.0, 1.5.0")),
                        new TreeMap<>(Map.of("guacamole", "active", "guacd", "failed")),
                        new TreeSet<>(List.of(22, 4822, 8080, 61616)),
                        4,
                        8_192_000_000L,
                        null));
    }

    @Test
    @Clause("G5")
    void readsTheClockWithHalfTheRoundTripAsItsErrorBound() throws Exception {
        var sent = Instant.parse("2026-03-01T12:00:00Z");

        var gauges = ProbeOutput.parse(ROCKY).gauges(sent, sent.plusMillis(1000));

        assertThat(gauges.clock()).as("400 ms there or back at most each way").isEqualTo(new ClockReading(100, 401));
        assertThat(gauges.freeDiskBytes()).isEqualTo(32931756L * 1024);
        assertThat(gauges.availableMemoryBytes()).isEqualTo(6_144_000_000L);
    }

    @Test
    void readsAClockWithoutFractionsWithASecondMore() throws Exception {
        var sent = Instant.parse("2026-03-01T12:00:00Z");
        var busybox = ROCKY.replace(".500000000", ".%N").replace(".700000000", ".%N");

        var clock =
                ProbeOutput.parse(busybox).gauges(sent, sent.plusMillis(200)).clock();

        assertThat(clock.errorMillis()).isBetween(600L, 602L);
        assertThat(Math.abs(clock.offsetMillis())).isLessThanOrEqualTo(clock.errorMillis());
    }

    @Test
    void readsDebiansPackagesAndTheKernelsOwnTableOfPorts() throws Exception {
        var debian = ROCKY.replace("@@dpkg\n", "@@dpkg\ninstalled pcoip-license-server 1:22.07.1-3+deb12\n")
                .replaceAll("(?s)@@ports.*@@cores", """
                        @@ports
                          sl  local_address rem_address   st tx_queue rx_queue
                           0: 00000000:1B9E 00000000:0000 0A 00000000:00000000 00:00000000
                           1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000
                        @@cores""");

        var facts = ProbeOutput.parse(debian).facts();

        assertThat(facts.packages()).containsEntry("pcoip-license-server", "22.07.1");
        assertThat(facts.ports()).containsExactly(7070);
    }

    @Test
    void readsMemoryFromFreeWhereThereIsNoProc() throws Exception {
        var free = ROCKY.replaceAll("(?s)@@memory.*@@disk", """
                @@memory
                              total        used        free      shared  buff/cache   available
                Mem:        4000000     1000000     2000000           0     1000000     2900000
                @@disk""");

        var output = ProbeOutput.parse(free);

        assertThat(output.facts().memoryBytes()).isEqualTo(4_096_000_000L);
        assertThat(output.gauges(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)).availableMemoryBytes())
                .isEqualTo(2_969_600_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "This account is currently not available.",
                "\u0007\u0000\uFFFD garbage",
                "@@interlock-probe 1\n@@clock 1\n@@os\nNAME=x"
            })
    void saysWhatIsWrongWithAnAnswerThatIsNone(String answer) {
        assertThatThrownBy(() -> ProbeOutput.parse(answer))
                .isInstanceOf(ProbeOutput.Unreadable.class)
                .hasMessageMatching("[\\x20-\\x7e…]+");
    }

    @Test
    @Clause("K3")
    void readsPendingUpdatesAlsoWhereLongNamesWrap() {
        assertThat(ProbeOutput.updates("""
                        @@updates
                        Available Upgrades
                        kcm.noarch                        1.5.0-1.el9                 vendor
                        kcm-libguac-client-kubernetes-with-a-long-name.x86_64
                                                          1.5.0-1.el9                 vendor
                        @@exit 0
                        """))
                .isEqualTo(Map.of("kcm", "1.5.0", "kcm-libguac-client-kubernetes-with-a-long-name", "1.5.0"));
    }

    @Test
    @Clause("K3")
    void tellsNoUpdatesFromNoAnswer() {
        assertThat(ProbeOutput.updates("@@updates\nError: No matching Packages to list\n@@exit 1\n"))
                .isEmpty();
        assertThat(ProbeOutput.updates(
                        "@@updates\nError: Failed to download metadata for repo 'vendor': 404\n@@exit 1\n"))
                .isNull();
        assertThat(ProbeOutput.updates("@@no-tool\n")).isNull();
    }

    /** Whatever this machine is: a real shell runs the real script, and its answer can be read. */
    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    void theScriptRunsUnderRealShells(String shell) throws Exception {
        var before = Instant.now().minusMillis(1);
        var output = ProbeOutput.parse(run(shell, ProbeScript.PROBE));
        var after = Instant.now().plusMillis(1);

        assertThat(output.facts().kernel()).isNotEmpty();
        assertThat(output.facts().cores()).isPositive();
        assertThat(output.facts().memoryBytes()).isPositive();
        var clock = output.gauges(before, after).clock();
        assertThat(Math.abs(clock.offsetMillis())).isLessThanOrEqualTo(clock.errorMillis());
    }

    @Test
    void theScriptAsksForAllThatTheRecognizerKnows() {
        assertThat(Recognizer.UNITS)
                .allSatisfy(unit -> assertThat(ProbeScript.PROBE).contains(" " + unit + ".service"));
        assertThat(Recognizer.PACKAGES)
                .allSatisfy(name -> assertThat(ProbeScript.PROBE).contains(name));
        assertThat(ProbeScript.PROBE + ProbeScript.UPDATES).doesNotContain("@PACKAGES@", "@UNITS@", "awk", "[[");
    }

    private static String run(String shell, String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder(shell, "-c", script)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out;
    }
}
