package dev.interlock.siem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.UpgradeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The contract's events, by short type, and records that carry their golden examples. */
public final class Golden {

    public static final Path ROOT = Path.of(System.getProperty("interlock.root", "../.."));
    public static final String ID = "0192f3a1-7e57-7abc-8def-a1b2c3d4e5f6";
    public static final String TIME = "2026-11-20T20:15:30.250Z";
    static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /** Every event type that is published, with its record class. */
    public static Map<String, Class<?>> types() {
        var types = new TreeMap<String, Class<?>>();
        for (var family : List.of(InventoryEvent.class, LicenseEvent.class, UpgradeEvent.class, AgentEvent.class)) {
            collect(family, family.getSimpleName().replace("Event", "").toLowerCase(Locale.ROOT), types);
        }
        return types;
    }

    private static void collect(Class<?> family, String domain, Map<String, Class<?>> types) {
        for (var each : family.getPermittedSubclasses()) {
            if (!each.isRecord()) {
                collect(each, domain, types);
            } else if (!each.getSimpleName().equals("Unknown")) {
                var name = each.getSimpleName().split("V(?=[0-9]+$)");
                types.put(domain + "." + name[0] + ".v" + (name.length > 1 ? name[1] : "1"), each);
            }
        }
    }

    public static ObjectNode data(String type) {
        var file = ROOT.resolve("contracts/src/test/resources/golden/dev.interlock." + type + ".json");
        try {
            return (ObjectNode) JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SinkRecord record(String type) {
        return record("dev.interlock." + type, data(type).toString());
    }

    public static SinkRecord record(String type, @Nullable Object value) {
        var domain = type.replaceFirst("dev\\.interlock\\.", "").replaceFirst("\\..*", "");
        var record = new SinkRecord(
                "interlock." + domain + ".events.v1",
                1,
                Schema.OPTIONAL_STRING_SCHEMA,
                "the-key",
                null,
                value,
                42,
                1_795_205_731_000L,
                TimestampType.CREATE_TIME);
        record.headers().addString("ce_specversion", "1.0");
        record.headers().addString("ce_id", ID);
        record.headers().addString("ce_type", type);
        record.headers().addString("ce_source", "/interlock/" + domain + "-service");
        record.headers().addString("ce_subject", "the-key");
        record.headers().addString("ce_time", TIME);
        record.headers()
                .add(
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.UTF_8),
                        null);
        return record;
    }
}
