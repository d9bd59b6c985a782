import dev.interlock.contracts.Channel;
import dev.interlock.contracts.InventoryEvent.HostRetired;
import dev.interlock.embedded.EmbeddedKafka;
import dev.interlock.platform.outbox.Outbox;
import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast events get from the outbox to a consumer, beside what a bare Kafka producer reaches on the same broker in the same
 * run. Started by {@code deploy/bench/outbox-relay}.
 *
 * <ul>
 *   <li>drain: a full outbox, emptied by the relay (the relay's own speed)
 *   <li>live: writers commit while the relay works (what a service reaches as a whole)
 *   <li>latency: one event at a time, from before its transaction to the consumer
 *   <li>producer: the same number of records of the same size, acks=all, from the first send to the last consumed
 * </ul>
 */
public final class OutboxRelay {

    private static final String TOPIC = Channel.INVENTORY_EVENTS.topic();

    private static int events = 50_000;
    private static int writers = 8;
    private static int perTransaction = 10;

    public static void main(String[] args) throws Exception {
        boolean json = false;
        boolean durable = false;
        for (String arg : args) {
            if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--durable")) {
                durable = true;
            } else if (arg.matches("--events=\\d+")) {
                events = Integer.parseInt(arg.substring(9));
            } else if (arg.matches("--writers=\\d+")) {
                writers = Integer.parseInt(arg.substring(10));
            } else if (arg.matches("--per-transaction=\\d+")) {
                perTransaction = Integer.parseInt(arg.substring(18));
            } else {
                System.err.println(
                        "usage: deploy/bench/outbox-relay [--json] [--durable] [--events=N] [--writers=N] [--per-transaction=N]");
                System.exit(2);
            }
        }
        try (var servers = new BenchServers("outbox-relay", durable)) {
            var kafka = servers.kafka;
            var properties = servers.properties();
            properties.put("interlock.scheduler.enabled", false);

            // warm-up of everything that is measured
            int asked = events;
            events = Math.min(asked, 5_000);
            try (var service = ServiceRunner.start("bench", OutboxRelay.class, properties)) {
                live(service, kafka);
            }
            producer(kafka);
            events = asked;

            var off = new HashMap<>(properties);
            off.put("interlock.outbox.relay.enabled", false);
            try (var service = ServiceRunner.start("bench", OutboxRelay.class, off)) {
                write(service);
            }
            double drain;
            double live;
            long[] latency;
            try (var reader = new Reader(kafka, TOPIC);
                    var service = ServiceRunner.start("bench", OutboxRelay.class, properties)) {
                drain = rate(reader.firstToLast(events));
            }
            try (var service = ServiceRunner.start("bench", OutboxRelay.class, properties)) {
                live = live(service, kafka);
                latency = latency(service, kafka);
            }
            double producer = producer(kafka);
            double performanceTest = performanceTest(kafka);
            if (json) {
                System.out.printf(
                        Locale.ROOT,
                        "{\"bench\":\"outbox-relay\",\"events\":%d,\"durable\":%b,\"drainPerSecond\":%.0f,\"livePerSecond\":%.0f,"
                                + "\"producerPerSecond\":%.0f,\"producerPerformancePerSecond\":%s,\"drainToProducer\":%.3f,\"liveToProducer\":%.3f,"
                                + "\"latencyMillisP50\":%.2f,\"latencyMillisP99\":%.2f}%n",
                        events, durable, drain, live, producer,
                        Double.isNaN(performanceTest) ? "null" : Long.toString(Math.round(performanceTest)),
                        drain / producer, live / producer,
                        latency[0] / 1e6, latency[1] / 1e6);
            } else {
                System.out.printf(Locale.ROOT, "%n%,d events, %d writers, %d events a transaction, PostgreSQL %s%n", events,
                        writers, perTransaction, durable ? "durable" : "without fsync");
                System.out.printf(Locale.ROOT, "  full outbox to consumer        %,9.0f events/s   %.2f of the producer%n", drain,
                        drain / producer);
                System.out.printf(Locale.ROOT, "  commits and relay to consumer  %,9.0f events/s   %.2f of the producer%n", live,
                        live / producer);
                System.out.printf(Locale.ROOT, "  plain producer to consumer     %,9.0f events/s%n", producer);
                System.out.printf(Locale.ROOT, "  Kafka's ProducerPerformance    %s%n", Double.isNaN(performanceTest)
                        ? "        - (kafka-tools is not there)"
                        : String.format(Locale.ROOT, "%,9.0f records/s to the broker alone", performanceTest));
                System.out.printf(Locale.ROOT, "  one event, commit to consumer  p50 %.1f ms, p99 %.1f ms%n", latency[0] / 1e6,
                        latency[1] / 1e6);
            }
        }
    }

    private static double live(ApplicationContext service, EmbeddedKafka kafka) throws Exception {
        try (var reader = new Reader(kafka, TOPIC);
                var worker = Executors.newSingleThreadExecutor()) {
            long begin = System.nanoTime();
            Future<Long> last = worker.submit(() -> reader.last(events));
            write(service);
            return rate(last.get() - begin);
        }
    }

    private static void write(ApplicationContext service) throws Exception {
        var transactions = transactions(service);
        var outbox = service.getBean(Outbox.class);
        try (var pool = Executors.newFixedThreadPool(writers)) {
            var done = new ArrayList<Future<?>>();
            for (int w = 0; w < writers; w++) {
                int share = events / writers + (w < events % writers ? 1 : 0);
                done.add(pool.submit(() -> {
                    for (int i = 0; i < share; i += perTransaction) {
                        int now = Math.min(perTransaction, share - i);
                        transactions.executeWrite(status -> {
                            for (int e = 0; e < now; e++) {
                                outbox.add(new HostRetired(UUID.randomUUID(), "kcm-0042.example.com", "x".repeat(80), "ada"));
                            }
                            return now;
                        });
                    }
                }));
            }
            for (var each : done) {
                each.get();
            }
        }
    }

    /** p50 and p99 in nanoseconds. */
    private static long[] latency(ApplicationContext service, EmbeddedKafka kafka) throws Exception {
        var transactions = transactions(service);
        var outbox = service.getBean(Outbox.class);
        var times = new long[300];
        try (var reader = new Reader(kafka, TOPIC)) {
            for (int i = 0; i < times.length; i++) {
                long begin = System.nanoTime();
                transactions.executeWrite(status -> {
                    outbox.add(new HostRetired(UUID.randomUUID(), "kcm-0042.example.com", "one", "ada"));
                    return 1;
                });
                times[i] = reader.last(1) - begin;
            }
        }
        Arrays.sort(times);
        return new long[] {times[times.length / 2], times[times.length * 99 / 100]};
    }

    /** Kafka's own producer, with the relay's settings, records of the same size and headers, on a topic of its own. */
    private static double producer(EmbeddedKafka kafka) throws Exception {
        var sample = sample(kafka);
        var topic = "bench.producer";
        var config = new Properties();
        config.put("bootstrap.servers", kafka.bootstrapServers());
        config.put("acks", "all");
        config.put("enable.idempotence", true);
        config.put("compression.type", "lz4");
        config.put("batch.size", 131_072);
        config.put("linger.ms", 0);
        try (var admin = org.apache.kafka.clients.admin.Admin.create(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            if (!admin.listTopics().names().get().contains(topic)) {
                admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(topic, 3, (short) 1))).all().get();
            }
        }
        try (var reader = new Reader(kafka, topic);
                var worker = Executors.newSingleThreadExecutor();
                var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            long begin = System.nanoTime();
            Future<Long> last = worker.submit(() -> reader.last(events));
            for (int i = 0; i < events; i++) {
                producer.send(new ProducerRecord<>(
                        topic, null, UUID.randomUUID().toString().getBytes(), sample.value(), sample.headers()));
            }
            producer.flush();
            return rate(last.get() - begin);
        }
    }

    /** What Kafka's own tool says, which stops at the broker; NaN where it is not on the class path. */
    private static double performanceTest(EmbeddedKafka kafka) throws Exception {
        Class<?> tool;
        try {
            tool = Class.forName("org.apache.kafka.tools.ProducerPerformance");
        } catch (ClassNotFoundException e) {
            return Double.NaN;
        }
        var record = sample(kafka);
        int size = record.serializedKeySize() + record.serializedValueSize()
                + Arrays.stream(record.headers().toArray()).mapToInt(h -> h.key().length() + h.value().length).sum();
        var printed = new java.io.ByteArrayOutputStream();
        var out = System.out;
        System.setOut(new java.io.PrintStream(printed, true));
        try {
            tool.getMethod("main", String[].class).invoke(null, (Object) new String[] {
                "--topic", "bench.producer", "--num-records", Integer.toString(events), "--record-size",
                Integer.toString(size), "--throughput", "-1", "--producer-props",
                "bootstrap.servers=" + kafka.bootstrapServers(), "acks=all", "compression.type=lz4",
                "batch.size=131072", "linger.ms=0"
            });
        } finally {
            System.setOut(out);
        }
        var last = java.util.regex.Pattern.compile(events + " records sent, ([0-9.]+) records/sec").matcher(printed.toString());
        return last.find() ? Double.parseDouble(last.group(1)) : Double.NaN;
    }

    private static org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> sample(EmbeddedKafka kafka) {
        try (var reader = new Reader(kafka, TOPIC)) {
            reader.consumer.seekToBeginning(reader.consumer.assignment());
            while (true) {
                for (var record : reader.consumer.poll(Duration.ofSeconds(1))) {
                    return record;
                }
            }
        }
    }

    private static double rate(long nanos) {
        return events / (nanos / 1e9);
    }

    @SuppressWarnings("unchecked")
    private static TransactionOperations<Connection> transactions(ApplicationContext service) {
        return service.getBean(TransactionOperations.class);
    }

    /** A consumer that stands at the end of a topic. */
    private static final class Reader implements AutoCloseable {

        final KafkaConsumer<byte[], byte[]> consumer;

        Reader(EmbeddedKafka kafka, String topic) {
            var config = new Properties();
            config.put("bootstrap.servers", kafka.bootstrapServers());
            config.put("enable.auto.commit", false);
            config.put("max.poll.records", 5_000);
            consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        }

        /** When the last of so many records came. */
        long last(int count) {
            int seen = 0;
            var deadline = Instant.now().plus(Duration.ofMinutes(5));
            while (seen < count) {
                seen += consumer.poll(Duration.ofSeconds(1)).count();
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("only " + seen + " of " + count + " came in 5 minutes");
                }
            }
            return System.nanoTime();
        }

        /** The time from the first record to the last of so many. */
        long firstToLast(int count) {
            int seen = 0;
            long first = 0;
            while (seen < count) {
                int now = consumer.poll(Duration.ofSeconds(1)).count();
                if (seen == 0 && now > 0) {
                    first = System.nanoTime();
                }
                seen += now;
            }
            return System.nanoTime() - first;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
