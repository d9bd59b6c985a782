package dev.interlock.platform.telemetry;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.interlock.platform.telemetry.DatabaseGauges.Definition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the {@link DatabaseGauges}. While the database does not answer they are absent: an old figure would be a lie. */
@Context
@Requires(beans = {DatabaseGauges.class, DataSource.class, MeterRegistry.class})
class MeasureDatabase {

    /** Of one gauge: more would burden every Prometheus, and nobody could look at them. */
    static final int MOST_SERIES = 1000;

    private static final int PATIENCE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(MeasureDatabase.class);

    private record Series(String gauge, List<String> labels) {}

    /** Its meter stays registered while its value changes, so that no scrape can come between. */
    private static final class Figure {
        private volatile double value;
        private final Gauge meter;

        Figure(Definition definition, List<String> values, MeterRegistry meters) {
            var tags = new ArrayList<Tag>();
            for (int i = 0; i < values.size(); i++) {
                tags.add(Tag.of(definition.labels().get(i), values.get(i)));
            }
            this.meter = Gauge.builder(definition.name(), () -> value)
                    .description(definition.description())
                    .baseUnit(definition.unit())
                    .tags(tags)
                    .strongReference(true)
                    .register(meters);
        }
    }

    private final TransactionOperations<Connection> transactions;
    private final DatabaseGauges gauges;
    private final Map<String, Definition> definitions;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<Series, Figure> figures = new HashMap<>();
    private boolean failing;

    MeasureDatabase(
            TransactionOperations<Connection> transactions, DatabaseGauges gauges, MeterRegistry meters, Clock clock) {
        this.transactions = transactions;
        this.gauges = gauges;
        this.definitions = gauges.gauges().stream().collect(toMap(Definition::name, identity()));
        this.meters = meters;
        this.clock = clock;
    }

    @Scheduled(initialDelay = "1s", fixedDelay = "${interlock.metrics.interval:10s}")
    synchronized void measure() {
        try {
            show(transactions.executeRead(status -> ask(status.getConnection())));
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("the gauges of the database are not told until it can be asked: {}", e.toString());
            }
            failing = true;
            show(Map.of());
        }
    }

    private Map<Series, Double> ask(Connection connection) throws SQLException {
        var found = new HashMap<Series, Double>();
        var counts = new HashMap<String, Integer>();
        try (var select = connection.prepareStatement(gauges.sql())) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var gauge = rows.getString(1);
                    if (counts.merge(gauge, 1, Integer::sum) > MOST_SERIES) {
                        continue;
                    }
                    var labels = Arrays.stream((Object[]) rows.getArray(2).getArray())
                            .map(String::valueOf)
                            .toList();
                    double value = rows.getDouble(3);
                    found.put(new Series(gauge, labels), rows.wasNull() ? Double.NaN : value);
                }
            }
        }
        counts.forEach((gauge, rows) -> {
            if (rows > MOST_SERIES) {
                LOG.warn("{} has {} series; only {} are told", gauge, rows, MOST_SERIES);
            }
        });
        return found;
    }

    private void show(Map<Series, Double> found) {
        found.forEach((series, value) -> figures.computeIfAbsent(series, this::figure).value = value);
        figures.entrySet().removeIf(figure -> {
            boolean gone = !found.containsKey(figure.getKey());
            if (gone) {
                meters.remove(figure.getValue().meter);
            }
            return gone;
        });
    }

    private Figure figure(Series series) {
        var definition = Objects.requireNonNull(
                definitions.get(series.gauge()), () -> series.gauge() + " is not among the gauges() that are told of");
        if (definition.labels().size() != series.labels().size()) {
            throw new IllegalStateException(series.gauge() + " has the labels " + definition.labels() + ", not "
                    + series.labels().size());
        }
        return new Figure(definition, series.labels(), meters);
    }
}
