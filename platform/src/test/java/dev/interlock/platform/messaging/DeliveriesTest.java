package dev.interlock.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.platform.probe.Effects;
import dev.interlock.platform.probe.Probe;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

    static final PrivateInfrastructure SERVERS = PrivateInfrastructure.start();

    final UUID host = UUID.randomUUID();
    final List<ApplicationContext> running = new ArrayList<>();
    Map<String, Object> properties = Map.of();

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    @BeforeEach
    void fresh() {
        properties = Probe.fresh(SERVERS);
    }

    @AfterEach
    void close() {
        running.forEach(ApplicationContext::close);
    }

    ApplicationContext service(Object... more) {
        var service = Probe.start(Probe.with(properties, more));
        running.add(service);
        return service;
    }

    @Test
    void anEventDeliveredTwiceHasItsEffectOnce() {
        var effects = service().getBean(Effects.class);
        var id = UUID.randomUUID();
        Probe.send(SERVERS, properties, to -> {
            to.event(id, host, "once");
            to.event(id, host, "once");
            to.event(host, "last");
        });
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(effects.of(host)).containsExactly("once", "last"));
    }

    @Test
    void anUnreadableRecordGoesToTheDeadLettersAtOnceAndThePartitionGoesOn() {
        var effects = service().getBean(Effects.class);
        Probe.send(SERVERS, properties, to -> {
            to.event(host, "before");
            to.garbage(host.toString());
            to.event(host, "after");
        });
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(effects.of(host)).containsExactly("before", "after"));
        var dead = dead(1).getFirst();
        assertThat(dead.key()).isEqualTo(host.toString());
        assertThat(dead.value()).isEqualTo("not json");
        assertThat(dead.headers())
                .containsEntry("dead-letter-topic", topic())
                .containsEntry("dead-letter-attempts", "1")
                .containsKeys("dead-letter-partition", "dead-letter-offset", "dead-letter-exception");
        assertThat(dead.header("dead-letter-message")).contains("not a CloudEvent");
    }

    @Test
    void aRecordThatItsHandlerRefusesIsTriedThreeTimesThenDeadAndLeavesNoTrace() {
        var effects = service().getBean(Effects.class);
        effects.refused.add("poison");
        Probe.send(SERVERS, properties, to -> {
            to.event(host, "before");
            to.event(host, "poison");
            to.event(host, "after");
        });
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(effects.of(host)).containsExactly("before", "after"));
        assertThat(effects.attempts).hasValue(5);
        var dead = dead(1).getFirst();
        assertThat(dead.headers())
                .containsEntry("dead-letter-attempts", "3")
                .containsEntry("dead-letter-exception", "java.lang.IllegalStateException")
                .containsEntry("ce_type", "dev.interlock.inventory.HostRetired.v1")
                .containsKey("ce_id");
        assertThat(dead.header("dead-letter-message"))
                .contains("refused poison")
                .doesNotContain("hunter2");
    }

    @Test
    void deadLettersAreListedAndReplayedOnceWhenTheCauseIsMended() {
        var service = service();
        var effects = service.getBean(Effects.class);
        effects.refused.addAll(List.of("first", "second"));
        Probe.send(SERVERS, properties, to -> {
            to.event(host, "first");
            to.event(host, "second");
            to.event(host, "third");
        });
        dead(2);
        var before = pending(service).getFirst();
        await().until(() -> effects.of(host).equals(List.of("third")));
        assertThat(pending(service)).extracting(DeadLetter::attempts).containsExactly(3, 3);
        effects.refused.remove("first");
        assertThat(replay(service)).isEqualTo(new DeadLetters.Replay(1, 1));
        assertThat(effects.of(host)).containsExactly("third", "first");
        assertThat(pending(service)).singleElement().satisfies(letter -> {
            assertThat(letter.message()).contains("refused second");
            assertThat(letter.attempts()).isEqualTo(6);
            assertThat(letter.at()).isAfter(before.at()).isBefore(Instant.now().plusSeconds(1));
            assertThat(letter.topic()).isEqualTo(topic());
            assertThat(letter.key()).isEqualTo(host.toString());
        });
        effects.refused.clear();
        assertThat(replay(service)).isEqualTo(new DeadLetters.Replay(1, 0));
        assertThat(replay(service)).isEqualTo(new DeadLetters.Replay(0, 0));
        assertThat(effects.of(host)).containsExactly("third", "first", "second");
        assertThat(pending(service)).isEmpty();
    }

    @Test
    void whileTheDatabaseIsAwayNothingIsSkippedAndNothingIsDead() {
        var effects = service("datasources.default.connection-timeout", 1000).getBean(Effects.class);
        Probe.send(SERVERS, properties, to -> to.event(host, "0"));
        await().atMost(Duration.ofSeconds(20)).until(() -> effects.of(host).size() == 1);
        SERVERS.stopPostgres();
        try {
            Probe.send(
                    SERVERS,
                    properties,
                    to -> IntStream.range(1, 40).forEach(i -> to.event(host, Integer.toString(i))));
            // longer than all attempts of a handler that fails would take
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
        } finally {
            SERVERS.startPostgres();
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(effects.of(host))
                        .containsExactlyElementsOf(IntStream.range(0, 40)
                                .mapToObj(Integer::toString)
                                .toList()));
        assertThat(new KafkaProbe(SERVERS.bootstrapServers()).all(deadLetterTopic()))
                .isEmpty();
    }

    @Test
    void whenInstancesComeAndGoEachEventHasItsEffectOnceAndInOrder() {
        var first = service();
        var hosts = IntStream.range(0, 12).mapToObj(i -> UUID.randomUUID()).toList();
        Probe.send(SERVERS, properties, to -> {
            for (int i = 0; i < 40; i++) {
                for (var each : hosts) {
                    to.event(each, Integer.toString(i));
                }
            }
        });
        var second = service();
        Probe.send(SERVERS, properties, to -> hosts.forEach(each -> to.event(each, "40")));
        first.close();
        Probe.send(SERVERS, properties, to -> hosts.forEach(each -> to.event(each, "41")));
        var effects = second.getBean(Effects.class);
        var all = IntStream.range(0, 42).mapToObj(Integer::toString).toList();
        for (var each : hosts) {
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(effects.of(each)).containsExactlyElementsOf(all));
        }
    }

    private String name() {
        return String.valueOf(properties.get("micronaut.application.name"));
    }

    private String topic() {
        return String.valueOf(properties.get("probe.topic"));
    }

    private String deadLetterTopic() {
        return topic() + "." + name() + ".dlt";
    }

    private List<KafkaProbe.Message> dead(int count) {
        return new KafkaProbe(SERVERS.bootstrapServers()).await(deadLetterTopic(), count);
    }

    private List<DeadLetter> pending(ApplicationContext service) {
        return service.getBean(DeadLetters.class).list(deadLetterTopic(), 100);
    }

    private DeadLetters.Replay replay(ApplicationContext service) {
        var listeners = service.getBean(Listeners.class);
        var listener = listeners.of(name(), topic()).orElseThrow();
        return service.getBean(DeadLetters.class).replay(deadLetterTopic(), record -> listeners.call(listener, record));
    }
}
