package dev.interlock.siem;

import dev.interlock.siem.mapping.Severity;
import java.util.Optional;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.header.Headers;

/** How a transform tells the syslog sink how grave an event is, whatever the value looks like by then. */
public final class SeverityHeader {

    static final String NAME = "interlock_severity";

    private SeverityHeader() {}

    static void put(Headers headers, Severity severity) {
        headers.remove(NAME);
        headers.addString(NAME, severity.name());
    }

    /** Empty where no transform of ours went before. */
    public static Optional<Severity> of(ConnectRecord<?> record) {
        return Optional.ofNullable(InterlockEvent.header(record, NAME)).flatMap(Severity::ofName);
    }
}
