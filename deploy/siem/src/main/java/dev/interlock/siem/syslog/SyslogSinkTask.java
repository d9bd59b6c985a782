package dev.interlock.siem.syslog;

import dev.interlock.siem.PluginVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what it is given, in order, over one connection. When the connection breaks, it goes back in Kafka to the first
 * record that is not {@linkplain Confirmations confirmed}: nothing is lost, some events come twice, with the same id, and the
 * first of each come in order.
 */
public class SyslogSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogSinkTask.class);
    /** So often we are called though there is nothing new. */
    private static final long LOOK_MILLIS = 200;

    private final Time time;
    private final Set<TopicPartition> assigned = new HashSet<>();
    private @Nullable Running running;

    /** For Connect. */
    public SyslogSinkTask() {
        this(Time.SYSTEM);
    }

    SyslogSinkTask(Time time) {
        this.time = time;
    }

    /** What there is between start and stop. */
    private static final class Running {
        final SyslogConfig config;
        final SyslogMessage messages;
        final @Nullable SSLSocketFactory tls;
        final Confirmations confirmations;
        final SyslogMetrics metrics;
        final byte[] batch;
        int filled;

        @Nullable
        SyslogConnection connection;

        long openedAt;
        long nextAttempt;
        int failedAttempts;

        Running(SyslogConfig config, String hostname, SyslogMetrics metrics) {
            this.config = config;
            this.messages = new SyslogMessage(config, hostname);
            this.tls = config.tls() ? SyslogTls.socketFactory(config) : null;
            this.confirmations = new Confirmations(config.settle());
            this.metrics = metrics;
            this.batch = new byte[config.getInt(SyslogConfig.BATCH_BYTES)];
        }
    }

    @Override
    public void start(Map<String, String> settings) {
        var config = new SyslogConfig(settings);
        running = new Running(config, hostname(config), new SyslogMetrics());
        running.nextAttempt = time.nanoseconds();
        running.metrics.register(context);
    }

    private static String hostname(SyslogConfig config) {
        var wanted = config.getString(SyslogConfig.HOSTNAME);
        if (!wanted.isEmpty()) {
            return wanted;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "-";
        }
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        assigned.addAll(partitions);
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        assigned.removeAll(partitions);
        if (running != null) {
            running.confirmations.forget(partitions);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        var r = running();
        context.timeout(LOOK_MILLIS);
        try {
            if (r.connection != null && r.connection.broken() != null) {
                throw new IOException(r.connection.broken());
            }
            settle(r);
            if (!records.isEmpty() || r.confirmations.unconfirmed() > 0) {
                ready(r);
            }
            write(r, records);
            if (isDue(r)) {
                confirm(r);
            }
            r.metrics.unconfirmed(r.confirmations.unconfirmed());
        } catch (IOException e) {
            again(r, records, String.valueOf(e.getMessage()));
        }
    }

    private void settle(Running r) {
        if (r.confirmations.settle(time.nanoseconds())) {
            context.requestCommit();
        }
    }

    /** Opens a connection if there is none; a failure is as good as a break, as the receiver may have ended in between. */
    private void ready(Running r) throws IOException {
        if (r.connection != null) {
            return;
        }
        long wait = TimeUnit.NANOSECONDS.toMillis(r.nextAttempt - time.nanoseconds());
        if (wait > 0) {
            context.timeout(wait);
            throw new RetriableException(
                    "The syslog receiver " + address(r) + " is not there; the next attempt is in " + wait + " ms.");
        }
        try {
            var opened = SyslogConnection.open(r.config, r.tls, time);
            if (r.failedAttempts > 0) {
                LOG.info("The syslog receiver {} is there again, after {} attempts", address(r), r.failedAttempts);
            }
            r.connection = opened;
            r.openedAt = time.nanoseconds();
            r.failedAttempts = 0;
            r.metrics.connected();
        } catch (IOException e) {
            r.nextAttempt = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(pause(r));
            r.failedAttempts++;
            throw e;
        }
    }

    /** Doubles up to the most, and half of it is by chance, so that many senders do not come back at once. */
    private static long pause(Running r) {
        long least = r.config.getLong(SyslogConfig.BACKOFF_MIN);
        long most = r.config.getLong(SyslogConfig.BACKOFF_MAX);
        long whole = Math.min(most, least << Math.min(r.failedAttempts, 20));
        return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    }

    private static String address(Running r) {
        return r.config.host() + ":" + r.config.port();
    }

    private void write(Running r, Collection<SinkRecord> records) throws IOException {
        r.filled = 0;
        for (var record : records) {
            r.confirmations.written(
                    new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
                    record.originalKafkaOffset());
            if (record.value() == null) {
                r.metrics.skipped();
                continue;
            }
            var frame = r.messages.frame(record);
            if (frame.isEmpty()) {
                refuse(r, record);
                continue;
            }
            if (frame.get().cutFrom() > 0) {
                r.metrics.oversized();
                LOG.warn(
                        "The message of {}-{}@{} is {} bytes long and was cut to {}; its structured data says so. {} says how long one may be.",
                        record.topic(),
                        record.kafkaPartition(),
                        record.kafkaOffset(),
                        frame.get().cutFrom(),
                        r.config.getInt(SyslogConfig.MAX_MESSAGE_BYTES),
                        SyslogConfig.MAX_MESSAGE_BYTES);
            }
            add(r, frame.get().bytes());
            r.metrics.sent(record.timestamp() == null ? 0 : Math.max(0, time.milliseconds() - record.timestamp()));
        }
        flush(r);
    }

    private static void add(Running r, byte[] frame) throws IOException {
        if (r.filled + frame.length > r.batch.length) {
            flush(r);
        }
        if (frame.length > r.batch.length) {
            send(r, frame, frame.length);
        } else {
            System.arraycopy(frame, 0, r.batch, r.filled, frame.length);
            r.filled += frame.length;
        }
    }

    private static void flush(Running r) throws IOException {
        if (r.filled > 0) {
            send(r, r.batch, r.filled);
            r.filled = 0;
        }
    }

    private static void send(Running r, byte[] bytes, int length) throws IOException {
        if (r.connection == null) {
            throw new IOException("not connected");
        }
        r.connection.write(bytes, length);
        r.metrics.bytes(length);
    }

    private void refuse(Running r, SinkRecord record) {
        r.metrics.oversized();
        var problem = new ConnectException("The message of " + record.topic() + "-" + record.kafkaPartition() + "@"
                + record.kafkaOffset() + " is longer than " + r.config.getInt(SyslogConfig.MAX_MESSAGE_BYTES)
                + " bytes (" + SyslogConfig.MAX_MESSAGE_BYTES
                + "). Let the receiver and this connector take longer ones, or set "
                + SyslogConfig.OVERSIZED + " to mark or, with a dead letter queue, to report.");
        ErrantRecordReporter reporter =
                r.config.oversized() == SyslogConfig.Oversized.REPORT ? context.errantRecordReporter() : null;
        if (reporter == null) {
            throw problem;
        }
        var unused = reporter.report(record, problem);
    }

    private boolean isDue(Running r) {
        return r.confirmations.hasWritten()
                && time.nanoseconds() - r.openedAt >= r.config.confirmInterval().toNanos();
    }

    private void confirm(Running r) throws IOException {
        var connection = r.connection;
        if (connection == null) {
            return;
        }
        if (r.config.confirm() == SyslogConfig.Confirm.CLOSE) {
            r.connection = null;
            var doubt = connection.close(r.config.closeTimeout());
            if (doubt != null) {
                throw new IOException(doubt);
            }
            r.confirmations.closed(time.nanoseconds());
            ready(r); // a receiver that is gone by now is found out
        } else {
            r.confirmations.closed(time.nanoseconds());
            r.openedAt = time.nanoseconds();
        }
    }

    /** Goes back to what is confirmed; Connect reads on from there. */
    private void again(Running r, Collection<SinkRecord> records, String why) {
        boolean was = r.connection != null;
        if (r.connection != null) {
            r.connection.abort();
            r.connection = null;
        }
        for (var record : records) { // those not written yet are given up, too: they come again
            r.confirmations.written(
                    new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
                    record.originalKafkaOffset());
        }
        long unconfirmed = r.confirmations.unconfirmed();
        var back = new HashMap<>(r.confirmations.broken());
        back.keySet().retainAll(assigned);
        r.metrics.broken();
        r.metrics.unconfirmed(0);
        if (was || r.failedAttempts <= 1) {
            LOG.warn(
                    "The connection to the syslog receiver {} broke: {}. Back to what it has for certain: up to {} events are written again.",
                    address(r),
                    why,
                    unconfirmed);
        } else {
            LOG.info("Attempt {} to reach the syslog receiver {} failed: {}", r.failedAttempts, address(r), why);
        }
        if (!back.isEmpty()) {
            context.offset(back);
        }
        long wait = TimeUnit.NANOSECONDS.toMillis(r.nextAttempt - time.nanoseconds());
        context.timeout(Math.max(1, Math.min(wait, LOOK_MILLIS)));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        var r = running();
        r.confirmations.settle(time.nanoseconds());
        var sure = new HashMap<TopicPartition, OffsetAndMetadata>();
        current.forEach((partition, offset) -> {
            var upTo = r.confirmations.sure(partition, offset.offset());
            if (upTo != null) {
                sure.put(partition, upTo == offset.offset() ? offset : new OffsetAndMetadata(upTo));
            }
        });
        return sure;
    }

    @Override
    public void stop() {
        if (running != null) {
            if (running.connection != null) {
                var doubt = running.connection.close(running.config.closeTimeout());
                LOG.info(
                        "The connection to the syslog receiver {} is closed{}",
                        address(running),
                        doubt == null ? "" : ": " + doubt);
            }
            running.metrics.close();
            running = null;
        }
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }
}
