package dev.interlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.InventoryEvent.HostReachable;
import dev.interlock.testkit.KafkaProbe.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PublishedContractTest {

    private static final UUID HOST = UUID.fromString("3f1c2a5e-0b7d-4c55-9d0f-0a1b2c3d4e01");
    private static final EventCodec CODEC = new EventCodec();

    private final HostReachable event = new HostReachable(HOST, "kcm-01", Instant.EPOCH, null);
    private final String data = new String(CODEC.toJson(event), StandardCharsets.UTF_8);
    private final Map<String, String> headers = new HashMap<>(Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            UUID.randomUUID().toString(),
            "ce_type",
            CODEC.type(event),
            "ce_source",
            "/interlock/inventory-service",
            "ce_subject",
            HOST.toString(),
            "ce_time",
            "2026-11-20T20:15:30Z",
            "ce_dataschema",
            CODEC.schema(CODEC.type(event)),
            "content-type",
            "application/json"));

    @Test
    void aMessageAsPromisedHasNoBreach() {
        assertThat(PublishedContract.breaches(message(event.channel().topic(), HOST.toString(), data)))
                .isEmpty();
    }

    @Test
    void everyWayToBreakThePromiseIsSeen() {
        String topic = event.channel().topic();
        assertThat(PublishedContract.breaches(message("other", HOST.toString(), data)))
                .containsExactly("the topic other is not in the contract");
        assertThat(PublishedContract.breaches(message("interlock.upgrade.events.v1", HOST.toString(), data)))
                .anyMatch(breach -> breach.contains("belongs to another topic"));
        assertThat(PublishedContract.breaches(message(topic, "kcm-01", data)))
                .anyMatch(breach -> breach.startsWith("the key is 'kcm-01', but hostId is"))
                .anyMatch(breach -> breach.startsWith("ce_subject is"));
        assertThat(PublishedContract.breaches(
                        message(topic, HOST.toString(), data.replace("1970-01-01T00:00:00Z", "now"))))
                .anyMatch(breach -> breach.contains("since"));
        assertThat(PublishedContract.breaches(message(topic, HOST.toString(), data.replace("\"name\"", "\"nom\""))))
                .anyMatch(breach -> breach.contains("name"));
        assertThat(PublishedContract.breaches(new Message(topic, 0, 0, HOST.toString(), null, Map.of())))
                .containsExactly("a message without data on a topic that is not compacted");
        assertThat(PublishedContract.breaches(
                        new Message("interlock.inventory.hosts.v1", 0, 0, HOST.toString(), null, Map.of())))
                .isEmpty();
        headers.put("ce_time", "yesterday");
        headers.put("ce_type", "dev.interlock.inventory.HostFlew.v1");
        headers.remove("ce_specversion");
        assertThat(PublishedContract.breaches(message(topic, HOST.toString(), data)))
                .anyMatch(breach -> breach.startsWith("ce_id or ce_time: "))
                .contains("ce_specversion is null and not 1.0")
                .contains("ce_type is 'dev.interlock.inventory.HostFlew.v1', which is not in the contract");
    }

    private Message message(String topic, String key, String value) {
        return new Message(topic, 0, 0, key, value, headers);
    }
}
