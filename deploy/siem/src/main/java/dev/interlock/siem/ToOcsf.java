package dev.interlock.siem;

import dev.interlock.siem.mapping.EventTable;
import dev.interlock.siem.mapping.OcsfEvent;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.util.SimpleConfig;

/**
 * A transform of Interlock's CloudEvents to OCSF 1.8 events. A type that this plugin does not know becomes a base event: it
 * is passed on, never dropped. A record without a value passes as it is.
 *
 * @param <R> the kind of record
 */
public class ToOcsf<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    static final String OUTPUT = "output";

    static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    OUTPUT,
                    ConfigDef.Type.STRING,
                    "json",
                    ConfigDef.ValidString.in("json", "map"),
                    ConfigDef.Importance.MEDIUM,
                    "json: the event as JSON text, for sinks that write text (syslog, files, Splunk's HEC with raw lines);"
                            + " map: as a schemaless map, for sinks that serialise by themselves (Elasticsearch,"
                            + " S3 with JsonFormat, Splunk's HEC with JSON).");

    private boolean map;

    @Override
    public void configure(Map<String, ?> settings) {
        map = new SimpleConfig(CONFIG, settings).getString(OUTPUT).equals("map");
    }

    @Override
    public R apply(R record) {
        if (record.value() == null) {
            return record;
        }
        var event = InterlockEvent.of(record);
        var row = EventTable.get().row(event);
        var ocsf = OcsfEvent.of(event, row);
        var headers = record.headers().duplicate();
        SeverityHeader.put(headers, row.severity());
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                map ? null : Schema.STRING_SCHEMA,
                map ? ocsf : InterlockEvent.toJson(ocsf),
                record.timestamp(),
                headers);
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void close() {
        // holds nothing
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }
}
