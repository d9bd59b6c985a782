package dev.interlock.siem.syslog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.siem.InterlockEvent;
import dev.interlock.siem.SeverityHeader;
import dev.interlock.siem.mapping.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as RFC 5424 writes it, with its length in front (RFC 6587, RFC 5425): {@code LENGTH SP <PRI>1 TIMESTAMP HOSTNAME
 * APP-NAME PROCID MSGID [interlock@… id= type= topic= partition= offset=] MSG}.
 */
final class SyslogMessage {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOTICE = 5;

    private final SyslogConfig config;
    private final String hostname;
    private final int facility;
    private final int most;
    private final boolean bom;

    SyslogMessage(SyslogConfig config, String hostname) {
        this.config = config;
        this.hostname = ascii(hostname, 255);
        this.facility = config.getInt(SyslogConfig.FACILITY);
        this.most = config.getInt(SyslogConfig.MAX_MESSAGE_BYTES);
        this.bom = config.getBoolean(SyslogConfig.BOM);
    }

    /** What goes over the wire, with its length in front. */
    static final class Frame {
        private final byte[] bytes;
        private final int cutFrom;

        Frame(byte[] bytes, int cutFrom) {
            this.bytes = bytes;
            this.cutFrom = cutFrom;
        }

        byte[] bytes() {
            return bytes;
        }

        /** How long the message would have been; 0 if all of it is there. */
        int cutFrom() {
            return cutFrom;
        }
    }

    /**
     * @return empty if the message is too long and is not to be cut
     * @throws DataException if the value is none that can be written as text
     */
    Optional<Frame> frame(SinkRecord record) {
        var text = text(record);
        var header = header(record);
        var whole = message(header, data(record, 0), text, text.length);
        if (whole.length <= most) {
            return Optional.of(new Frame(framed(whole), 0));
        }
        if (config.oversized() != SyslogConfig.Oversized.MARK) {
            return Optional.empty();
        }
        var marked = data(record, whole.length);
        int room = most - message(header, marked, text, 0).length;
        var cut = message(header, marked, text, boundary(text, Math.max(0, room)));
        return Optional.of(new Frame(framed(cut), whole.length));
    }

    private String header(SinkRecord record) {
        int severity = SeverityHeader.of(record).map(Severity::syslog).orElse(NOTICE);
        var type = InterlockEvent.header(record, InterlockEvent.TYPE_HEADER);
        return "<" + (facility * 8 + severity) + ">1 " + time(record) + " " + hostname + " "
                + config.getString(SyslogConfig.APP_NAME) + " " + config.getString(SyslogConfig.PROC_ID) + " "
                + messageId(type) + " ";
    }

    private static String time(SinkRecord record) {
        var text = InterlockEvent.header(record, InterlockEvent.TIME_HEADER);
        try {
            if (text != null) {
                return TIME.format(Instant.parse(text));
            }
        } catch (DateTimeException e) {
            // the record's own time will do
        }
        return record.timestamp() == null ? "-" : TIME.format(Instant.ofEpochMilli(record.timestamp()));
    }

    /** The event's name without domain and version. */
    private static String messageId(@Nullable String type) {
        return type == null ? "-" : ascii(type.replaceFirst("\\.v[0-9]+$", "").replaceFirst("^.*\\.", ""), 32);
    }

    private String data(SinkRecord record, int cutFrom) {
        var data = new StringBuilder("[").append(config.getString(SyslogConfig.SD_ID));
        parameter(data, "id", InterlockEvent.header(record, InterlockEvent.ID_HEADER));
        parameter(data, "type", InterlockEvent.header(record, InterlockEvent.TYPE_HEADER));
        parameter(data, "topic", record.originalTopic());
        parameter(data, "partition", String.valueOf(record.originalKafkaPartition()));
        parameter(data, "offset", String.valueOf(record.originalKafkaOffset()));
        if (cutFrom > 0) {
            parameter(data, "truncatedFrom", String.valueOf(cutFrom));
        }
        return data.append(']').toString();
    }

    private static void parameter(StringBuilder data, String name, @Nullable String value) {
        if (value != null) {
            data.append(' ')
                    .append(name)
                    .append("=\"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("]", "\\]"))
                    .append('"');
        }
    }

    private byte[] message(String header, String data, byte[] text, int length) {
        var out = new ByteArrayOutputStream(header.length() + data.length() + length + 8);
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(data.getBytes(StandardCharsets.UTF_8));
        out.write(' ');
        if (bom) {
            out.writeBytes(BOM);
        }
        out.write(text, 0, length);
        return out.toByteArray();
    }

    private static byte[] framed(byte[] message) {
        var length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        var framed = new byte[length.length + message.length];
        System.arraycopy(length, 0, framed, 0, length.length);
        System.arraycopy(message, 0, framed, length.length, message.length);
        return framed;
    }

    /** The longest part of at most so many bytes that does not end within a character. */
    private static int boundary(byte[] text, int bytes) {
        int end = Math.min(bytes, text.length);
        while (end > 0 && end < text.length && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    private static byte[] text(SinkRecord record) {
        Object value = record.value();
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (value instanceof Map<?, ?> || value instanceof Number || value instanceof Boolean) {
            try {
                return JSON.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw new DataException(
                        "The value of " + record.topic() + "-" + record.kafkaPartition() + "@" + record.kafkaOffset()
                                + " cannot be written as JSON: " + e.getMessage(),
                        e);
            }
        }
        throw new DataException(
                "The syslog sink cannot write a " + value.getClass().getName()
                        + "; use the transform dev.interlock.siem.ToOcsf or dev.interlock.siem.ToCef, or a StringConverter.");
    }

    private static String ascii(String text, int most) {
        var printable = new StringBuilder();
        text.chars().limit(most).forEach(c -> printable.append(c >= 33 && c <= 126 ? (char) c : '_'));
        return printable.isEmpty() ? "-" : printable.toString();
    }
}
