package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.Channel;
import dev.interlock.testkit.KafkaProbe.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What the world hears, on real Kafka. */
class LicenseEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID AGENT = UUID.randomUUID();

    private final LicenseServiceUnderTest service = LicenseServiceUnderTest.shared();

    @Test
    void aPoolsStoryComesInOrderUnderItsCode() throws Exception {
        var server = service.server();
        var code = service.pool(30);
        service.activate(code, server, 5);
        service.activate(code, server, 10);
        service.activate(code, server, 10);
        service.activate(code, server, 99);
        service.activate(code, server, 4);
        service.activate(code, server, 0);
        var story = await(Channel.LICENSE_EVENTS, code, 4);
        assertThat(story)
                .extracting(LicenseEventsTest::type)
                .containsExactly("LicensesActivated", "LicensesActivated", "LicensesReturned", "LicensesReturned");
        assertThat(story)
                .extracting(message -> json(message).path("total").asInt())
                .containsExactly(5, 10, 4, 0);
        assertThat(story)
                .extracting(message -> json(message).path("change").asInt())
                .containsExactly(5, 5, -6, -4);
        assertThat(json(story.getFirst()).path("activatedBy").asText()).isEqualTo("olga");
        var first = story.getFirst();
        assertThat(first.header("ce_specversion")).isEqualTo("1.0");
        assertThat(first.header("ce_source")).isEqualTo("/interlock/license-service");
        assertThat(first.header("ce_subject")).isEqualTo(code);
        assertThat(UUID.fromString(first.header("ce_id"))).isNotNull();
        assertThat(first.headers()).containsKeys("ce_time", "ce_dataschema");
        var registered = await(Channel.LICENSE_EVENTS, server.toString(), 1);
        assertThat(type(registered.getFirst())).isEqualTo("LicenseServerRegistered");
    }

    @Test
    void lowAndExhaustedAreToldOnceOnTheWayDownAndAgainAfterThereWasAmple() throws Exception {
        var server = service.server();
        var code = service.pool(10);
        service.activate(code, server, 10);
        var sessions = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            sessions.add(service.session(server, AGENT, "user" + i).text("sessionId"));
        }
        // at the limit one goes and one comes: nothing new
        service.broker().delete("/api/v1/sessions/" + sessions.get(0));
        service.session(server, AGENT, "again");
        for (int i = 1; i < 10; i++) {
            service.broker().delete("/api/v1/sessions/" + sessions.get(i));
        }
        for (int i = 0; i < 9; i++) {
            service.session(server, AGENT, "more" + i);
        }
        var story = await(Channel.LICENSE_EVENTS, code, 5);
        assertThat(story)
                .extracting(LicenseEventsTest::type)
                .containsExactly("LicensesActivated", "PoolLow", "PoolExhausted", "PoolLow", "PoolExhausted");
        assertThat(json(story.get(1)).path("inUse").asInt()).isEqualTo(9);
        assertThat(json(story.get(2)).path("inUse").asInt()).isEqualTo(10);
    }

    @Test
    void aSessionsAuthorizationComesBeforeItsReleaseAndEachRefusalIsTold() throws Exception {
        var server = service.serverWith(2);
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            calls.add(() -> {
                var answer = service.session(server, AGENT, "user" + number);
                if (answer.status() == 201) {
                    service.broker().delete("/api/v1/sessions/" + answer.text("sessionId"));
                    return true;
                }
                return false;
            });
        }
        int authorized = 0;
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (var result : pool.invokeAll(calls)) {
                authorized += result.get() ? 1 : 0;
            }
        }
        var story = await(Channel.LICENSE_SESSIONS, server.toString(), 40 + authorized);
        assertThat(story).hasSize(40 + authorized);
        var live = new ArrayList<String>();
        for (Message message : story) {
            var event = json(message);
            switch (type(message)) {
                case "SessionAuthorized" -> {
                    live.add(event.path("sessionId").asText());
                    assertThat(event.path("inUse").asInt())
                            .as("counted in order")
                            .isEqualTo(live.size());
                }
                case "SessionReleased" -> {
                    assertThat(live.remove(event.path("sessionId").asText()))
                            .as("authorised before")
                            .isTrue();
                    assertThat(event.path("inUse").asInt()).isEqualTo(live.size());
                }
                case "SessionDenied" ->
                    assertThat(event.path("reason").asText()).isEqualTo("no-license");
                default -> throw new AssertionError(message.toString());
            }
        }
        assertThat(live).isEmpty();
    }

    private List<Message> await(Channel channel, String key, int count) {
        return service.kafka().await(channel.topic(), count, message -> key.equals(message.key()));
    }

    private static String type(Message message) {
        var type = message.header("ce_type");
        assertThat(type).startsWith("dev.interlock.license.").endsWith(".v1");
        return type.substring("dev.interlock.license.".length(), type.length() - ".v1".length());
    }

    private static JsonNode json(Message message) {
        try {
            return JSON.readTree(message.value());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
