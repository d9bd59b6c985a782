package dev.interlock.siem.syslog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a task counts. Connect shows it by JMX and whatever reporters the worker has, tagged with connector and task. */
final class SyslogMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogMetrics.class);

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong breaks = new AtomicLong();
    private final AtomicLong oversized = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong unconfirmed = new AtomicLong();
    private final AtomicLong lagMillis = new AtomicLong();
    private final List<MetricName> names = new ArrayList<>();
    private @Nullable PluginMetrics metrics;

    void register(SinkTaskContext context) {
        try {
            metrics = context.pluginMetrics();
        } catch (NoSuchMethodError olderWorker) {
            LOG.info("This Connect worker is older than 4.1 and shows no metrics of plugins");
        }
        if (metrics == null) {
            return;
        }
        gauge("messages-sent-total", "messages written to the socket, those written again included", sent::get);
        gauge("bytes-sent-total", "bytes of them", bytes::get);
        gauge("connections-total", "connections opened, for confirmation and after breaks", connections::get);
        gauge("breaks-total", "connections that broke or could not be opened", breaks::get);
        gauge("oversized-total", "messages longer than allowed: cut, reported or refused", oversized::get);
        gauge("skipped-total", "records without a value, which are no events", skipped::get);
        gauge("unconfirmed", "messages written that the receiver does not yet have for certain", unconfirmed::get);
        gauge("send-lag-ms", "from Kafka's time of the last message to when it was written", lagMillis::get);
    }

    private void gauge(String name, String description, LongSupplier value) {
        if (metrics != null) {
            var metricName = metrics.metricName(name, description, new LinkedHashMap<>());
            metrics.addMetric(metricName, (Gauge<Long>) (config, now) -> value.getAsLong());
            names.add(metricName);
        }
    }

    void sent(long lag) {
        sent.incrementAndGet();
        lagMillis.set(lag);
    }

    void bytes(long count) {
        bytes.addAndGet(count);
    }

    void connected() {
        connections.incrementAndGet();
    }

    void broken() {
        breaks.incrementAndGet();
    }

    void oversized() {
        oversized.incrementAndGet();
    }

    void skipped() {
        skipped.incrementAndGet();
    }

    void unconfirmed(long now) {
        unconfirmed.set(now);
    }

    void close() {
        if (metrics != null) {
            names.forEach(metrics::removeMetric);
            names.clear();
        }
    }
}
