package dev.interlock.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import dev.interlock.testkit.Clause;
import java.time.Instant;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AgentLogTest {
    private static final String THREAD = "6f1e2d3c-0000-4000-8000-00000000000a";

    static final String LOG = """
            2026-11-20T08:00:00.123Z %1$s > LVL:2 RC:   0 AGENT :Starting up
            2026-11-20T08:00:01.250Z %1$s > LVL:2 RC:   0 LICENSE :License acquired; source: https://ls:7071/request; time: 0.12 s; origin: local-settings; remaining: 345 days;
                a stack trace, or whatever else
            2026-11-20T09:00:00.000Z %1$s > LVL:1 RC:-500 LICENSE :Getting license failed: connection refused
            2026-11-20T09:00:01Z %1$s > LVL:0 RC:-500 AGENT :Could not launch a remote session because no software licenses are available on your cloud license server (https://ls:7071/request)
            2026-11-20T25:99:01Z %1$s > LVL:0 RC:0 LICENSE :License acquired; source: x
            """.formatted(THREAD);

    @Test
    @Clause("L36")
    void linesOfLicensesBecomeValidationsAndOthersAreSkipped() {
        var read = AgentLog.read(LOG);

        assertThat(read.lines()).isEqualTo(5);
        assertThat(read.unreadable()).containsExactly(6);
        assertThat(read.validations())
                .extracting(Validation::at, Validation::outcome, Validation::reason, Validation::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Instant.parse("2026-11-20T08:00:01.250Z"), Outcome.SUCCEEDED, null, Source.LOG),
                        org.assertj.core.groups.Tuple.tuple(
                                Instant.parse("2026-11-20T09:00:00Z"),
                                Outcome.FAILED,
                                "connection refused",
                                Source.LOG),
                        org.assertj.core.groups.Tuple.tuple(
                                Instant.parse("2026-11-20T09:00:01Z"),
                                Outcome.FAILED,
                                "no software licenses are available on your cloud license server (https://ls:7071/request)",
                                Source.LOG));
    }

    @Test
    void windowsLineEndsAndPartsThatOverlapMakeNoDifference() {
        var whole = AgentLog.read(LOG).validations();
        var windows = AgentLog.read(LOG.replace("\n", "\r\n")).validations();
        var part = AgentLog.read(LOG.lines().skip(3).collect(Collectors.joining("\n")))
                .validations();

        assertThat(windows).isEqualTo(whole);
        assertThat(whole).containsAll(part);
        assertThat(whole).extracting(Validation::id).doesNotHaveDuplicates();
    }

    @Test
    @Clause("L36")
    void theCommandTellsOfGraceAndOfItsExitCode() {
        var at = Instant.parse("2026-11-20T10:00:00Z");

        var grace = AgentLog.command("License invalid, in grace period which expires in 5 days\r\n", at, 0);
        assertThat(grace.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(grace.reason()).isEqualTo("in grace period which expires in 5 days");
        assertThat(grace.source()).isEqualTo(Source.COMMAND);
        assertThat(AgentLog.command("License is valid", at, 0).succeeded()).isTrue();
        var bare = AgentLog.command("", at, 3);
        assertThat(bare.reason()).isEqualTo("pcoip-validate-license exited 3");
        assertThat(AgentLog.command("", at, 3)).isEqualTo(bare);
        assertThat(AgentLog.command("", at.plusSeconds(1), 3).id()).isNotEqualTo(bare.id());
    }

    @Test
    void aLongReasonIsCutAndControlCharactersDoNotPass() {
        var long1 = AgentLog.command("x".repeat(2000) + "\u001b[31m", Instant.EPOCH, 1);

        assertThat(long1.reason()).hasSize(500).matches("x+");
        assertThat(AgentLog.read("").lines()).isZero();
        assertThat(AgentLog.read("hello\nworld").lines()).isZero();
    }
}
