package dev.interlock.siem.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.siem.Golden;
import dev.interlock.siem.ToOcsf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class SyslogMessageTest {

    private static SyslogMessage messages(String... settings) {
        var all = new HashMap<>(Map.of("syslog.host", "siem.example.com"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new SyslogMessage(new SyslogConfig(all), "connect-1.example.com");
    }

    private static String framed(SyslogMessage messages, SinkRecord record) {
        return new String(messages.frame(record).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static SinkRecord record(Object value) {
        return Golden.record("dev.interlock.agent.GracePeriodStarted.v1", value);
    }

    @Test
    void itIsWrittenAsRfc5424Says() {
        var message = "<133>1 2026-11-20T20:15:30.250000Z connect-1.example.com interlock - GracePeriodStarted"
                + " [interlock@32473 id=\"" + Golden.ID + "\" type=\"dev.interlock.agent.GracePeriodStarted.v1\""
                + " topic=\"interlock.agent.events.v1\" partition=\"1\" offset=\"42\"] \uFEFFgrün";
        assertThat(framed(messages(), record("grün")))
                .isEqualTo(message.getBytes(StandardCharsets.UTF_8).length + " " + message);
    }

    @Test
    void theByteOrderMarkCanBeLeftOut() {
        assertThat(framed(messages("syslog.bom", "false"), record("x")))
                .endsWith("] x")
                .doesNotContain("\uFEFF");
    }

    @Test
    void gravityBecomesPriority() {
        for (var each : Map.of(
                        "agent.AgentHeard.v1", 6,
                        "agent.GracePeriodStarted.v1", 4,
                        "inventory.HostKeyChanged.v1", 3,
                        "license.TrustedStorageCorrupted.v1", 2)
                .entrySet()) {
            try (var transform = new ToOcsf<SinkRecord>()) {
                transform.configure(Map.of());
                var record = transform.apply(Golden.record(each.getKey()));
                assertThat(framed(messages("syslog.facility", "13"), record))
                        .contains(" <" + (13 * 8 + each.getValue()) + ">1 ");
            }
        }
    }

    @Test
    void structuredDataIsEscaped() {
        var record = Golden.record("dev.interlock.odd.a\"b]c\\d.v1", "x");
        assertThat(framed(messages(), record)).contains(" type=\"dev.interlock.odd.a\\\"b\\]c\\\\d.v1\"");
    }

    @Test
    void theMessageIdIsShortAndPrintable() {
        var record = Golden.record("dev.interlock.odd." + "Lång".repeat(20) + ".v1", "x");
        assertThat(framed(messages(), record)).contains(" - L_ngL_ngL_ngL_ngL_ngL_ngL_ngL_ng [");
        var stranger = Golden.record("agent.AgentHeard.v1");
        stranger.headers().remove("ce_type");
        assertThat(framed(messages(), stranger)).contains(" interlock - - [interlock@32473 id=");
    }

    @Test
    void aMessageThatIsTooLongIsCutBetweenCharactersAndSaysSo() {
        var long1 = "ü".repeat(5000);
        for (int most = 600; most < 604; most++) {
            var frame = messages("syslog.max.message.bytes", Integer.toString(most))
                    .frame(record(long1))
                    .orElseThrow();
            var text = new String(frame.bytes(), StandardCharsets.UTF_8);
            var message = text.substring(text.indexOf(' ') + 1);
            assertThat(message.getBytes(StandardCharsets.UTF_8).length).isBetween(most - 1, most);
            assertThat(message)
                    .contains(" truncatedFrom=\"" + frame.cutFrom() + "\"]")
                    .endsWith("ü")
                    .doesNotContain("\uFFFD");
            assertThat(frame.cutFrom()).isGreaterThan(10_000);
        }
    }

    @Test
    void orItIsNotWrittenAtAll() {
        assertThat(messages("syslog.max.message.bytes", "600", "syslog.oversized", "report")
                        .frame(record("x".repeat(600))))
                .isEmpty();
    }

    @Test
    void aMapIsWrittenAsJson() {
        assertThat(framed(messages("syslog.bom", "false"), record(Map.of("a", 1))))
                .endsWith("] {\"a\":1}");
    }

    @Test
    void whatIsNoTextIsRefused() {
        assertThatThrownBy(() -> messages().frame(record(java.time.Instant.EPOCH)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ToOcsf");
    }
}
