package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class TransformTest {

    private static final String GRACE = "dev.interlock.agent.GracePeriodStarted.v1";

    private static SinkRecord ocsf(SinkRecord record, Map<String, ?> settings) {
        try (var transform = new ToOcsf<SinkRecord>()) {
            transform.configure(settings);
            return transform.apply(record);
        }
    }

    @Test
    void theCauseIsSaidInWords() throws Exception {
        var event = Golden.JSON.readTree((String)
                ocsf(Golden.record("agent.GracePeriodStarted.v1"), Map.of()).value());
        assertThat(event.path("message").asText())
                .isEqualTo(
                        "Agent b7e6d5c4-2b1a-4f0e-9d8c-665544332201 will be refused from 2026-11-27 20:15:30Z: license"
                                + " server 5c9d8e7f-1a2b-4c3d-8e4f-112233445501 has not validated it since 2026-11-20 20:15:30Z"
                                + " (no license server answered).");
        assertThat(event.path("compliance").path("control").asText()).isEqualTo("L33, L36");
        assertThat(event.path("metadata").path("correlation_uid").asText())
                .isEqualTo(Golden.data("agent.GracePeriodStarted.v1")
                        .path("gracePeriodId")
                        .asText());
    }

    @Test
    void anEventThatItselfSpeaksInSentencesEndsInOneStop() throws Exception {
        var data = Golden.data("inventory.HostUnreachable.v1").put("detail", "There is no credential 'fleet'.");
        var record = Golden.record("dev.interlock.inventory.HostUnreachable.v1", data.toString());
        var event = Golden.JSON.readTree((String) ocsf(record, Map.of()).value());
        assertThat(event.path("message").asText())
                .contains("no credential 'fleet'; it was last seen")
                .endsWith("00Z.");
    }

    @Test
    void keyHeadersAndTimestampStay() {
        var before = Golden.record("agent.GracePeriodStarted.v1");
        var after = ocsf(before, Map.of());
        assertThat(after.key()).isEqualTo(before.key());
        assertThat(after.timestamp()).isEqualTo(before.timestamp());
        assertThat(after.headers().lastWithName("ce_id").value()).isEqualTo(Golden.ID);
        assertThat(after.headers().lastWithName("interlock_severity").value()).isEqualTo("MEDIUM");
        assertThat(after.valueSchema()).isEqualTo(Schema.STRING_SCHEMA);
    }

    /** What sinks with a serialiser of their own get can be written by Connect's own converter. */
    @Test
    void asAMapItIsTheSameEvent() throws Exception {
        for (var type : Golden.types().keySet()) {
            var map = ocsf(Golden.record(type), Map.of("output", "map"));
            assertThat(map.valueSchema()).isNull();
            try (var converter = new JsonConverter()) {
                converter.configure(Map.of("schemas.enable", "false"), false);
                var json = converter.fromConnectData("t", null, map.value());
                assertThat(Golden.JSON.readTree(json)).isEqualTo(Golden.JSON.readTree((String)
                        ocsf(Golden.record(type), Map.of()).value()));
            }
        }
    }

    @Test
    void whateverConverterTheWorkerHasTheEventIsTheSame() throws Exception {
        var json = Golden.data("agent.GracePeriodStarted.v1").toString();
        var text = ocsf(Golden.record(GRACE, json), Map.of()).value();
        assertThat(ocsf(Golden.record(GRACE, json.getBytes(StandardCharsets.UTF_8)), Map.of())
                        .value())
                .isEqualTo(text);
        try (var converter = new JsonConverter()) {
            converter.configure(Map.of("schemas.enable", "false"), false);
            SchemaAndValue parsed = converter.toConnectData("t", json.getBytes(StandardCharsets.UTF_8));
            assertThat(Golden.JSON.readTree((String)
                            ocsf(Golden.record(GRACE, parsed.value()), Map.of()).value()))
                    .isEqualTo(Golden.JSON.readTree((String) text));
        }
    }

    @Test
    void aHeaderConverterThatGuessesTypesDoesNoHarm() throws Exception {
        var record = Golden.record("agent.GracePeriodStarted.v1");
        record.headers().remove("ce_time");
        record.headers().add("ce_time", Date.from(Instant.parse(Golden.TIME)), Timestamp.SCHEMA);
        var event = Golden.JSON.readTree((String) ocsf(record, Map.of()).value());
        assertThat(event.path("time").asLong())
                .isEqualTo(Instant.parse(Golden.TIME).toEpochMilli());
    }

    @Test
    void aRecordWithoutAValuePassesAsItIs() {
        var record = Golden.record(GRACE, null);
        assertThat(ocsf(record, Map.of())).isSameAs(record);
    }

    @Test
    void whatIsNoEventIsGivenToConnectsErrorHandling() {
        for (Object value : List.of("not JSON", "[1]", "null", "", 7L)) {
            assertThatThrownBy(() -> ocsf(Golden.record(GRACE, value), Map.of()))
                    .as(String.valueOf(value))
                    .isInstanceOf(DataException.class);
        }
        var stranger = Golden.record("agent.GracePeriodStarted.v1");
        stranger.headers().remove("ce_id");
        assertThatThrownBy(() -> ocsf(stranger, Map.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ce_id")
                .hasMessageContaining("interlock.agent.events.v1-1@42");
    }

    @Test
    void anOutputThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> ocsf(Golden.record("agent.AgentHeard.v1"), Map.of("output", "xml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("json, map");
    }
}
