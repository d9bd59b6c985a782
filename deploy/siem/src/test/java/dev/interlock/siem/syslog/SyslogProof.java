package dev.interlock.siem.syslog;

import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.EventCodec;
import dev.interlock.embedded.EmbeddedKafka;
import dev.interlock.embedded.Folders;
import dev.interlock.embedded.Ports;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Events from a real Kafka through a real Connect worker to a real rsyslogd, which are stopped, killed and frozen on the way:
 * what arrived, how often, and in what order. A test and {@code deploy/bench/siem-syslog} run it.
 */
public final class SyslogProof implements AutoCloseable {

    private static final String TOPIC = "interlock.agent.events.v1";
    private static final int AGENTS = 200;
    /** A message as rsyslog wrote it, whole: one that was cut by a kill has no end. */
    private static final Pattern LINE = Pattern.compile(
            ".*\\[interlock@32473 id=\"([0-9a-f-]{36})\" type=\"[^\"]+\" topic=\"[^\"]+\" partition=\"[0-9]+\""
                    + " offset=\"[0-9]+\"\\] (\\w+) ([0-7]) interlock \\S+ (?:\\x{FEFF})?(\\{.*}|CEF:0\\|.*)");

    private final Path folder;
    private final Consumer<String> say;
    private final EmbeddedKafka kafka;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, String> agents = new HashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();
    private final List<String> firsts = new ArrayList<>();
    private long readTo;
    private long lines;
    private long cut;
    private long strangers;

    public SyslogProof(Path folder, Consumer<String> say) throws IOException {
        this.folder = folder;
        this.say = say;
        Files.createDirectories(folder);
        kafka = EmbeddedKafka.start(EmbeddedKafka.Options.throwAway(folder.resolve("kafka")));
    }

    /**
     * What came of it.
     *
     * @param received messages, those that came again included
     * @param cut lines that a kill of the receiver left without an end, not counted as received
     * @param orderViolations events of one agent of which an earlier one came later, by the first of each
     * @param perSecond events, from the worker's start to the last event, with all that was in between
     */
    public record Result(
            long sent,
            long received,
            long duplicates,
            long lost,
            long orderViolations,
            long unknown,
            long cut,
            double seconds,
            double perSecond) {}

    /** What is done to receiver and worker, each when so much of all has arrived. */
    public enum Disturbance {
        RECEIVER_STOPPED("the receiver is stopped (SIGTERM) and started again"),
        WORKER_KILLED("the worker is killed (SIGKILL) and started again"),
        RECEIVER_KILLED("the receiver is killed (SIGKILL) and started again"),
        RECEIVER_FROZEN_AND_KILLED("the receiver reads nothing (SIGSTOP), is killed and started again"),
        WORKER_STOPPED("the worker is stopped (SIGTERM) and started again");

        private final String words;

        Disturbance(String words) {
            this.words = words;
        }
    }

    /** @param connector settings of the sink beside address and transform */
    public Result run(
            int events, List<Disturbance> disturbances, boolean tls, String format, Map<String, String> connector)
            throws Exception {
        publish(events);
        int port = Ports.free();
        var certificates = tls ? Rsyslog.Certificates.forAddress(folder.resolve("tls"), "127.0.0.1") : null;
        var settings = new LinkedHashMap<>(connector);
        settings.put("topics", TOPIC);
        settings.put("syslog.host", "127.0.0.1");
        settings.put("syslog.port", Integer.toString(port));
        settings.put("syslog.protocol", tls ? "tls" : "tcp");
        settings.put("syslog.max.message.bytes", "65536");
        if (certificates != null) {
            settings.put("syslog.tls.ca", certificates.ca().toString());
        }
        settings.put("transforms", "t");
        settings.put("transforms.t.type", "dev.interlock.siem." + (format.equals("cef") ? "ToCef" : "ToOcsf"));
        try (var receiver = Rsyslog.on(folder.resolve("rsyslog"), port, certificates);
                var worker = ConnectWorker.of(folder.resolve("worker"), kafka.bootstrapServers(), settings)) {
            receiver.start();
            long begin = System.nanoTime();
            worker.start();
            for (int i = 0; i < disturbances.size(); i++) {
                int share = events * (i + 1) / (disturbances.size() + 2);
                await(worker, () -> seen(receiver) >= share, share + " events at the receiver");
                say.accept(counts.size() + " of " + events + " arrived; " + disturbances.get(i).words);
                disturb(disturbances.get(i), receiver, worker);
            }
            await(worker, () -> seen(receiver) >= events, events + " events at the receiver");
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (!worker.stop()) {
                throw new IllegalStateException("the worker does not end when told to");
            }
            receiver.stop();
            seen(receiver);
            return result(events, seconds);
        }
    }

    private void disturb(Disturbance disturbance, Rsyslog receiver, ConnectWorker worker) throws Exception {
        switch (disturbance) {
            case RECEIVER_STOPPED -> {
                int before = breaks(worker);
                receiver.stop();
                await(worker, () -> breaks(worker) > before, "the worker to notice that the receiver has gone");
                receiver.start();
            }
            case RECEIVER_KILLED -> {
                int before = breaks(worker);
                receiver.kill();
                await(worker, () -> breaks(worker) > before, "the worker to notice that the receiver has gone");
                receiver.start();
            }
            case RECEIVER_FROZEN_AND_KILLED -> {
                int before = breaks(worker);
                receiver.freeze();
                await(worker, () -> breaks(worker) > before, "the worker to notice that the receiver is stuck");
                receiver.kill();
                receiver.start();
            }
            case WORKER_KILLED -> {
                worker.kill();
                worker.start();
            }
            case WORKER_STOPPED -> {
                if (!worker.stop()) {
                    throw new IllegalStateException("the worker does not end when told to");
                }
                worker.start();
            }
        }
    }

    private static int breaks(ConnectWorker worker) {
        try {
            return worker.log().split("Back to what it has for certain", -1).length;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Reads on in the receiver's file; how many different events there are by now. */
    private int seen(Rsyslog receiver) {
        if (!Files.exists(receiver.received())) {
            return 0;
        }
        try (var file = new RandomAccessFile(receiver.received().toFile(), "r")) {
            file.seek(readTo);
            var bytes = new byte[(int) Math.min(16 * 1024 * 1024, file.length() - readTo)];
            file.readFully(bytes);
            int begin = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    line(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
                    begin = i + 1;
                }
            }
            readTo += begin;
            return counts.size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void line(String line) {
        var whole = LINE.matcher(line);
        if (!whole.matches()) {
            cut++;
            return;
        }
        lines++;
        var id = whole.group(1);
        if (!sequences.containsKey(id)) {
            strangers++;
        } else if (counts.merge(id, 1, Integer::sum) == 1) {
            firsts.add(id);
        }
    }

    private Result result(int events, double seconds) {
        var last = new HashMap<String, Long>();
        long violations = 0;
        for (var id : firsts) {
            var agent = agents.getOrDefault(id, "");
            long sequence = sequences.getOrDefault(id, -1L);
            if (last.getOrDefault(agent, -1L) > sequence) {
                violations++;
            }
            last.merge(agent, sequence, Math::max);
        }
        return new Result(
                events,
                lines,
                lines - strangers - counts.size(),
                events - counts.size(),
                violations,
                strangers,
                cut,
                seconds,
                events / seconds);
    }

    private static void await(ConnectWorker worker, BooleanSupplier condition, String what) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || !worker.isAlive()) {
                var log = worker.log();
                throw new IllegalStateException("Waited in vain for " + what + ". The worker "
                        + (worker.isAlive() ? "lives" : "is dead") + " and said last:\n"
                        + log.substring(Math.max(0, log.length() - 4000)));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void publish(int events) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get();
        }
        var settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("linger.ms", 5);
        settings.put("compression.type", "lz4");
        var codec = new EventCodec();
        var at = Instant.parse("2026-11-20T20:15:30Z");
        var servers = List.of(UUID.randomUUID(), UUID.randomUUID());
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < AGENTS; i++) {
            ids.add(UUID.randomUUID());
        }
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < events; i++) {
                var agent = ids.get(i % AGENTS);
                var server = servers.get(i % 2);
                AgentEvent event = i / AGENTS % 3 == 2
                        ? new AgentEvent.GracePeriodStarted(
                                UUID.randomUUID(),
                                agent,
                                server,
                                at,
                                at.plusSeconds(604_800),
                                "no license server answered")
                        : new AgentEvent.AgentValidated(agent, server, "v-" + i, "log", false, at);
                var id = UUID.randomUUID().toString();
                sequences.put(id, (long) i);
                agents.put(id, agent.toString());
                var record = new ProducerRecord<>(TOPIC, agent.toString(), codec.toJson(event));
                Map.of(
                                "ce_specversion",
                                "1.0",
                                "ce_id",
                                id,
                                "ce_type",
                                codec.type(event),
                                "ce_source",
                                "/interlock/agent-monitor",
                                "ce_subject",
                                agent.toString(),
                                "ce_time",
                                at.plusMillis(i).toString())
                        .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
                var unused = producer.send(record);
            }
            producer.flush();
        }
    }

    @Override
    public void close() {
        kafka.close();
        Folders.delete(folder);
    }
}
