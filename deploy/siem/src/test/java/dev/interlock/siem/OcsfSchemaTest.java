package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.siem.mapping.EventTable;
import dev.interlock.siem.mapping.OcsfEvent;
import dev.interlock.siem.mapping.Row;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OcsfSchemaTest {

    static Stream<Arguments> rows() {
        return EventTable.get().rows().stream().map(row -> Arguments.of(row.type() + " " + row.when(), row));
    }

    /** The golden example, changed so that this row and none before it fits. */
    private static ObjectNode example(Row row) {
        var data = Golden.data(row.type());
        row.when().forEach((field, word) -> {
            if (word.isEmpty()) {
                data.remove(field);
            } else if (word.equals("true")) {
                data.put(field, true);
            } else {
                data.put(field, word);
            }
        });
        if (row.when().isEmpty()) {
            for (var other : EventTable.get().rows()) {
                if (other.type().equals(row.type())) {
                    other.when().forEach((field, word) -> {
                        if (data.path(field).asText().equals(word) && !word.isEmpty()) {
                            data.put(field, "something else");
                        }
                    });
                }
            }
        }
        return data;
    }

    private static JsonNode ocsf(SinkRecord record) throws Exception {
        try (var transform = new ToOcsf<SinkRecord>()) {
            transform.configure(java.util.Map.of());
            return Golden.JSON.readTree((String) transform.apply(record).value());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyRowMakesAValidEvent(String name, Row row) throws Exception {
        var event =
                ocsf(Golden.record("dev.interlock." + row.type(), example(row).toString()));
        assertThat(OcsfSchema.breaches(event)).as(event.toPrettyString()).isEmpty();
        assertThat(event.path("class_uid").asInt()).isEqualTo(row.as().uid());
        assertThat(event.path("activity_id").asInt()).isEqualTo(row.activityId());
        assertThat(event.path("severity_id").asInt()).isEqualTo(row.severity().id());
        assertThat(event.path("time").asLong())
                .isEqualTo(java.time.Instant.parse(Golden.TIME).toEpochMilli());
        assertThat(event.path("message").asText()).isNotBlank().doesNotContain("unknown", "{", "}", "[", "]", "null");
        var metadata = event.path("metadata");
        assertThat(metadata.path("uid").asText()).isEqualTo(Golden.ID);
        assertThat(metadata.path("correlation_uid").asText()).isNotBlank();
        assertThat(metadata.path("event_code").asText()).isEqualTo("dev.interlock." + row.type());
        assertThat(metadata.path("product").path("name").asText()).isEqualTo("Interlock");
        assertThat(metadata.path("product").path("version").asText())
                .isEqualTo(PluginVersion.get())
                .doesNotContain("$");
        assertThat(event.path("unmapped").path("kafka").path("offset").asLong()).isEqualTo(42);
    }

    /** An event need not hold what its contract calls nullable, and one of a newer kind may lack even more. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyRowMakesAValidEventOfLittle(String name, Row row) throws Exception {
        var data = Golden.data(row.type());
        for (var component :
                Objects.requireNonNull(Golden.types().get(row.type())).getRecordComponents()) {
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                data.remove(component.getName());
            }
        }
        assertThat(OcsfSchema.breaches(ocsf(Golden.record("dev.interlock." + row.type(), data.toString()))))
                .isEmpty();
        if (row.as() != dev.interlock.siem.mapping.OcsfClass.INVENTORY_INFO) { // which is nothing without a device
            assertThat(OcsfSchema.breaches(ocsf(Golden.record("dev.interlock." + row.type(), "{}"))))
                    .isEmpty();
        }
    }

    @Test
    void nothingOfAnEventIsLost() throws Exception {
        for (var type : Golden.types().keySet()) {
            var data = Golden.data(type);
            var event = ocsf(Golden.record(type)).toString();
            data.properties().forEach(field -> {
                if (field.getValue().isTextual()) {
                    assertThat(event)
                            .as(type + "." + field.getKey())
                            .contains(field.getValue().toString().replaceAll("^\"|\"$", ""));
                } else {
                    assertThat(event).as(type + "." + field.getKey()).contains(field.getKey());
                }
            });
        }
    }

    @Test
    void aTypeThatIsNotKnownBecomesAValidBaseEvent() throws Exception {
        var event = ocsf(Golden.record("dev.interlock.agent.AgentTeleported.v3", "{\"to\":\"Mars\",\"n\":[1,2]}"));
        assertThat(OcsfSchema.breaches(event)).isEmpty();
        assertThat(event.path("class_uid").asInt()).isZero();
        assertThat(event.path("message").asText()).contains("agent.AgentTeleported.v3");
        assertThat(event.path("unmapped").path("data"))
                .isEqualTo(Golden.JSON.readTree("{\"to\":\"Mars\",\"n\":[1,2]}"));
    }

    @Test
    void theFactsAreOfTheVersionThatEventsClaim() {
        assertThat(OcsfSchema.version()).isEqualTo(OcsfEvent.SCHEMA_VERSION);
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoilt("a class that there is not", e -> e.put("class_uid", 9999), "class_uid"),
                spoilt("an activity that the class has not", e -> e.put("activity_id", 7), "activity_id"),
                spoilt("a type that is not class and activity", e -> e.put("type_uid", 1), "type_uid"),
                spoilt("another category", e -> e.put("category_uid", 6), "category_uid"),
                spoilt("no time", e -> e.remove("time"), "time: required"),
                spoilt("a time in seconds", e -> e.put("time", 1_795_205_731L), "time"),
                spoilt("a time as text", e -> e.put("time", Golden.TIME), "time"),
                spoilt("an attribute of nobody", e -> e.put("colour", "red"), "colour"),
                spoilt("a severity that there is not", e -> e.put("severity_id", 9), "severity_id"),
                spoilt("no finding", e -> e.remove("finding_info"), "finding_info: required"),
                spoilt("a finding without uid", e -> object(e, "finding_info").remove("uid"), "finding_info.uid"),
                spoilt("no metadata", e -> e.remove("metadata"), "metadata: required"),
                spoilt("another schema", e -> object(e, "metadata").put("version", "1.7.0"), "metadata.version"),
                spoilt("no product", e -> object(e, "metadata").remove("product"), "metadata.product"),
                spoilt(
                        "a nameless product",
                        e -> object(e, "metadata").putObject("product").put("version", "1"),
                        "none of"),
                spoilt("a status that there is not", e -> e.put("status_id", 44), "status_id"),
                spoilt("resources that are no list", e -> e.putObject("resources"), "resources"),
                spoilt("an actor without the profile", e -> e.putObject("actor"), "actor"),
                spoilt(
                        "an observable of nothing",
                        e -> ((ObjectNode) e.path("observables").get(0)).put("name", "x.y"),
                        "x.y"),
                spoilt("a remediation without words", e -> e.putObject("remediation"), "remediation.desc"));
    }

    private static Arguments spoilt(String name, Consumer<ObjectNode> spoil, String found) {
        return Arguments.of(name, spoil, found);
    }

    private static ObjectNode object(ObjectNode in, String name) {
        return (ObjectNode) in.path(name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoilt")
    void aSpoiltEventIsFound(String name, Consumer<ObjectNode> spoil, String found) throws Exception {
        var event = (ObjectNode) ocsf(Golden.record("agent.GracePeriodStarted.v1"));
        assertThat(OcsfSchema.breaches(event)).isEmpty();
        spoil.accept(event);
        assertThat(OcsfSchema.breaches(event)).anyMatch(breach -> breach.contains(found));
    }

    @Test
    void findingsKeepTheirUidFromCreationToClosing() throws Exception {
        for (var story : List.of(
                List.of("agent.GracePeriodStarted.v1", "agent.GracePeriodEnding.v1", "agent.GracePeriodEnded.v1"),
                List.of("agent.AlertRaised.v1", "agent.AlertCleared.v1"),
                List.of("inventory.OrphanFound.v1", "inventory.OrphanRemoved.v1"),
                List.of("inventory.ClockSkewDetected.v1", "inventory.ClockSkewCleared.v1"),
                List.of("agent.AgentSilent.v1", "agent.AgentHeard.v1"))) {
            var uids = new java.util.HashSet<String>();
            for (var type : story) {
                uids.add(ocsf(Golden.record(type))
                        .path("finding_info")
                        .path("uid")
                        .asText());
            }
            assertThat(uids).as(story.toString()).hasSize(1);
        }
    }
}
