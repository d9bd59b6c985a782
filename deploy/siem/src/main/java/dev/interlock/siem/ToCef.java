package dev.interlock.siem;

import dev.interlock.siem.mapping.CefLine;
import dev.interlock.siem.mapping.EventTable;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * A transform of Interlock's CloudEvents to lines of ArcSight's Common Event Format, version 0. A type that this plugin does
 * not know is passed on with what every event has. A record without a value passes as it is.
 *
 * @param <R> the kind of record
 */
public class ToCef<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    @Override
    public void configure(Map<String, ?> settings) {
        // nothing to choose
    }

    @Override
    public R apply(R record) {
        if (record.value() == null) {
            return record;
        }
        var event = InterlockEvent.of(record);
        var row = EventTable.get().row(event);
        var headers = record.headers().duplicate();
        SeverityHeader.put(headers, row.severity());
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                Schema.STRING_SCHEMA,
                CefLine.of(event, row),
                record.timestamp(),
                headers);
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
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
