package dev.interlock.siem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * One CloudEvent in binary mode, as it stands in a record: attributes in {@code ce_*} headers, JSON data in the value.
 *
 * @param type for example {@code dev.interlock.agent.GracePeriodStarted.v1}
 * @param subject the aggregate's id
 * @param data only of types that both JSON and Connect's schemaless records know
 * @param offset -1 where the record does not say it
 * @param loggedAt when Kafka took the record, in ms since 1970; null if it does not say
 */
public record InterlockEvent(
        String id,
        String type,
        String source,
        @Nullable String subject,
        Instant time,
        @Nullable String traceparent,
        Map<String, Object> data,
        String topic,
        int partition,
        long offset,
        @Nullable Long loggedAt) {

    public static final String ID_HEADER = "ce_id";
    public static final String TYPE_HEADER = "ce_type";
    public static final String TIME_HEADER = "ce_time";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader DATA = JSON.readerFor(new TypeReference<Map<String, Object>>() {});

    /**
     * Reads a record whose value is not null.
     *
     * @throws DataException if it is no such CloudEvent; Connect's {@code errors.tolerance} says what happens to it
     */
    public static InterlockEvent of(ConnectRecord<?> record) {
        var id = required(record, ID_HEADER);
        var type = required(record, TYPE_HEADER);
        var sink = record instanceof SinkRecord s ? s : null;
        return new InterlockEvent(
                id,
                type,
                or(header(record, "ce_source"), "unknown"),
                header(record, "ce_subject"),
                time(record),
                header(record, "traceparent"),
                data(record),
                sink == null ? record.topic() : or(sink.originalTopic(), record.topic()),
                record.kafkaPartition() == null ? -1 : record.kafkaPartition(),
                sink == null ? -1 : sink.originalKafkaOffset(),
                record.timestamp());
    }

    /** The header's text, whatever header converter the worker has; null if it is not there. */
    public static @Nullable String header(ConnectRecord<?> record, String name) {
        var header = record.headers().lastWithName(name);
        if (header == null || header.value() == null) {
            return null;
        }
        Object value = header.value();
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof Date date) { // the worker's default converter takes an ISO time for one
            return date.toInstant().toString();
        }
        return value.toString();
    }

    static String toJson(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The type without {@code dev.interlock.}: {@code agent.GracePeriodStarted.v1}. */
    public String shortType() {
        return type.startsWith("dev.interlock.") ? type.substring("dev.interlock.".length()) : type;
    }

    /** A field of the data as text; null if it is absent. Dots lead into objects, and through lists. */
    public @Nullable String text(String path) {
        Object found = at(data, path);
        return found == null ? null : String.valueOf(found);
    }

    public @Nullable Object field(String path) {
        return at(data, path);
    }

    private static @Nullable Object at(@Nullable Object where, String path) {
        if (where instanceof List<?> many) {
            var all = new ArrayList<Object>();
            for (Object each : many) {
                Object found = at(each, path);
                if (found != null) {
                    all.add(found);
                }
            }
            return all.isEmpty() ? null : all;
        }
        if (!(where instanceof Map<?, ?> fields)) {
            return null;
        }
        int dot = path.indexOf('.');
        return dot < 0 ? fields.get(path) : at(fields.get(path.substring(0, dot)), path.substring(dot + 1));
    }

    private static String required(ConnectRecord<?> record, String name) {
        var value = header(record, name);
        if (value == null || value.isBlank()) {
            throw new DataException(where(record) + " has no header '" + name + "': it is no CloudEvent in binary mode."
                    + " Let this connector read Interlock's event topics only, and keep the headers on the way.");
        }
        return value;
    }

    private static Instant time(ConnectRecord<?> record) {
        var text = header(record, TIME_HEADER);
        if (text != null) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new DataException(where(record) + " has a " + TIME_HEADER + " that is no time: " + text, e);
            }
        }
        if (record.timestamp() == null) {
            throw new DataException(where(record) + " has neither " + TIME_HEADER + " nor a timestamp.");
        }
        return Instant.ofEpochMilli(record.timestamp());
    }

    private static Map<String, Object> data(ConnectRecord<?> record) {
        Object value = record.value();
        try {
            if (value instanceof byte[] bytes) {
                return plain(DATA.readValue(bytes));
            }
            if (value instanceof String text) {
                return plain(DATA.readValue(text));
            }
        } catch (IOException e) {
            throw new DataException(where(record) + " does not hold a JSON object: " + e.getMessage(), e);
        }
        if (value instanceof Map<?, ?> fields) {
            return plain(fields);
        }
        throw new DataException(where(record) + " holds a "
                + (value == null ? "null" : value.getClass().getSimpleName())
                + "; use the converter org.apache.kafka.connect.storage.StringConverter or"
                + " org.apache.kafka.connect.converters.ByteArrayConverter, or"
                + " org.apache.kafka.connect.json.JsonConverter with schemas.enable=false.");
    }

    private static Map<String, Object> plain(@Nullable Map<?, ?> fields) {
        if (fields == null) {
            throw new DataException("The data of an event is null.");
        }
        var plain = new LinkedHashMap<String, Object>();
        fields.forEach((name, value) -> {
            if (value != null) {
                plain.put(String.valueOf(name), plainValue(value));
            }
        });
        return Collections.unmodifiableMap(plain);
    }

    private static Object plainValue(Object value) {
        if (value instanceof Map<?, ?> fields) {
            return plain(fields);
        }
        if (value instanceof List<?> many) {
            var plain = new ArrayList<Object>();
            for (Object each : many) {
                if (each != null) {
                    plain.add(plainValue(each));
                }
            }
            return plain;
        }
        return value instanceof BigInteger || value instanceof BigDecimal ? value.toString() : value;
    }

    private static String where(ConnectRecord<?> record) {
        return "The record " + record.topic() + "-" + record.kafkaPartition()
                + (record instanceof SinkRecord sink ? "@" + sink.kafkaOffset() : "");
    }

    private static String or(@Nullable String value, String other) {
        return value == null ? other : value;
    }
}
