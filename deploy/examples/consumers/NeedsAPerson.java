import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints every event that needs a person, and goes on for ever; started again, it goes on where it was.
 *
 * <pre>
 * java -cp 'deploy/standalone/target/lib/*' deploy/examples/consumers/NeedsAPerson.java 127.0.0.1:8086
 * </pre>
 *
 * With {@code --until-end} it reads all that is there from the beginning and ends. In a program of yours, kafka-clients is all
 * that is needed.
 */
public final class NeedsAPerson {
    static final List<String> TOPICS = List.of(
            "interlock.inventory.events.v1",
            "interlock.license.events.v1",
            "interlock.upgrade.events.v1",
            "interlock.agent.events.v1");

    static final Set<String> TYPES = Set.of(
            "HostKeyChanged", "ClockSkewDetected", "OrphanFound",
            "PoolLow", "PoolExhausted", "PoolExpiring", "PoolExpired", "ResponseRejected",
            "AdministratorLockedOut", "LicensesLost", "TrustedStorageCorrupted",
            "UpgradePlanned", "PreflightFailed", "GateOpened", "StepFailed", "UpgradePaused", "UpgradeFailed",
            "AlertRaised", "GracePeriodEnding", "GracePeriodExpired", "AgentVersionUnsupported");

    public static void main(String[] args) {
        boolean untilEnd = List.of(args).contains("--until-end");
        var settings = Map.<String, Object>of(
                "bootstrap.servers", args.length == 0 ? "127.0.0.1:8086" : args[0],
                // the group remembers how far it was
                "group.id", "needs-a-person",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            if (untilEnd) {
                readToTheEnd(consumer);
                return;
            }
            consumer.subscribe(TOPICS);
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(NeedsAPerson::show);
                // only now: an event that was not shown because we died is shown after the restart
                consumer.commitSync();
            }
        }
    }

    private static void readToTheEnd(KafkaConsumer<String, String> consumer) {
        var partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
            consumer.poll(Duration.ofSeconds(1)).forEach(NeedsAPerson::show);
        }
    }

    private static void show(ConsumerRecord<String, String> event) {
        // dev.interlock.upgrade.GateOpened.v1: a newer version of an event has another number, and the same name
        var type = header(event, "ce_type").replaceFirst("^dev\\.interlock\\.[a-z]+\\.([A-Za-z]+)\\.v[0-9]+$", "$1");
        if (TYPES.contains(type)) {
            System.out.println(header(event, "ce_time") + " " + type + " " + event.key() + " " + event.value());
        }
    }

    private static String header(ConsumerRecord<?, ?> event, String name) {
        var header = event.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
