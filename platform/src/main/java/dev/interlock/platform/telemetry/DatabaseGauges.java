package dev.interlock.platform.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service's own database can tell, as gauges. A service has one bean of it; its statement is asked every
 * {@code interlock.metrics.interval}, however often and by however many Prometheus scrapes. All instances of a service tell the
 * same: take {@code max}, never {@code sum}, over instances.
 */
public interface DatabaseGauges {

    /** Every gauge that the statement tells of. */
    List<Definition> gauges();

    /**
     * One statement with one parameter, the present time, as {@code timestamptz}. It yields rows of {@code (gauge text, labels
     * text[], value double precision)}. A null value is told as NaN: known to be unknown. What is always there, if only as zero,
     * can be drawn and alerted on; so words of a fixed list should all have a row.
     */
    String sql();

    /**
     * @param name with dots, as all meters; in Prometheus they are underscores, and the unit is appended
     * @param unit null for a count
     * @param labels names of the labels, in the order of the rows' values. Their values must be bounded by what people
     *     bought or named: purchases, license servers, words; never hosts, agents or sessions
     */
    record Definition(
            String name, String description, @Nullable String unit, List<String> labels) {
        public Definition {
            labels = List.copyOf(labels);
        }

        public static Definition count(String name, String description, String... labels) {
            return new Definition(name, description, null, List.of(labels));
        }

        public static Definition seconds(String name, String description, String... labels) {
            return new Definition(name, description, "seconds", List.of(labels));
        }
    }
}
