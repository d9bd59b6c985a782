package dev.interlock.siem.syslog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** What the sink is told, checked. */
public final class SyslogConfig extends AbstractConfig {

    static final String HOST = "syslog.host";
    static final String PORT = "syslog.port";
    static final String PROTOCOL = "syslog.protocol";
    static final String TLS_CA = "syslog.tls.ca";
    static final String TLS_CERTIFICATE = "syslog.tls.certificate";
    static final String TLS_KEY_PASSWORD = "syslog.tls.key.password";
    static final String TLS_CHECK_HOST = "syslog.tls.check.host";
    static final String FACILITY = "syslog.facility";
    static final String HOSTNAME = "syslog.hostname";
    static final String APP_NAME = "syslog.app.name";
    static final String PROC_ID = "syslog.proc.id";
    static final String SD_ID = "syslog.structured.data.id";
    static final String BOM = "syslog.bom";
    static final String MAX_MESSAGE_BYTES = "syslog.max.message.bytes";
    static final String OVERSIZED = "syslog.oversized";
    static final String BATCH_BYTES = "syslog.batch.bytes";
    static final String CONFIRM = "syslog.confirm";
    static final String CONFIRM_INTERVAL = "syslog.confirm.interval.ms";
    static final String SETTLE = "syslog.settle.ms";
    static final String CLOSE_TIMEOUT = "syslog.close.timeout.ms";
    static final String CONNECT_TIMEOUT = "syslog.connect.timeout.ms";
    static final String WRITE_TIMEOUT = "syslog.write.timeout.ms";
    static final String BACKOFF_MIN = "syslog.backoff.min.ms";
    static final String BACKOFF_MAX = "syslog.backoff.max.ms";

    /** What becomes of a message that is longer than allowed. */
    enum Oversized {
        /** Cut, and the structured data says from how many bytes. */
        MARK,
        /** Not sent, but reported: to the dead letter queue if one is configured, else the task fails. */
        REPORT,
        /** The task fails. */
        FAIL
    }

    /** When the receiver is taken to have what was written. */
    enum Confirm {
        /** It has read all of a connection to the end and closed it in turn. */
        CLOSE,
        /** The connection has lived on for a while. */
        AGE
    }

    private static final Pattern SD_NAME = Pattern.compile("[!-~&&[^=\\]\"@]]{1,20}@[0-9.]{1,11}");

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    HOST,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonEmptyString(),
                    Importance.HIGH,
                    "The receiver's name or address.")
            .define(
                    PORT,
                    ConfigDef.Type.INT,
                    6514,
                    Range.between(1, 65535),
                    Importance.HIGH,
                    "The receiver's port: 6514 is usual with TLS, 514 or 601 without.")
            .define(
                    PROTOCOL,
                    ConfigDef.Type.STRING,
                    "tls",
                    ValidString.in("tcp", "tls"),
                    Importance.HIGH,
                    "tls (RFC 5425) or tcp (RFC 6587, octets counted).")
            .define(
                    TLS_CA,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.HIGH,
                    "A PEM file with the certificates of the authorities to trust; empty: those of the JVM.")
            .define(
                    TLS_CERTIFICATE,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "A PEM file with our own key (PKCS#8) and certificate chain, where the receiver asks for them.")
            .define(
                    TLS_KEY_PASSWORD,
                    ConfigDef.Type.PASSWORD,
                    new Password(""),
                    Importance.MEDIUM,
                    "Of the key in " + TLS_CERTIFICATE + ", if it is encrypted.")
            .define(
                    TLS_CHECK_HOST,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    Importance.MEDIUM,
                    "Whether the receiver's certificate must be for " + HOST + ".")
            .define(
                    FACILITY,
                    ConfigDef.Type.INT,
                    16,
                    Range.between(0, 23),
                    Importance.LOW,
                    "RFC 5424's number of the facility; 16 is local0, 13 is the log audit.")
            .define(
                    HOSTNAME,
                    ConfigDef.Type.STRING,
                    "",
                    SyslogConfig::hostname,
                    Importance.LOW,
                    "HOSTNAME of each message; empty: this machine's.")
            .define(
                    APP_NAME,
                    ConfigDef.Type.STRING,
                    "interlock",
                    printable(48),
                    Importance.LOW,
                    "APP-NAME of each message.")
            .define(PROC_ID, ConfigDef.Type.STRING, "-", printable(128), Importance.LOW, "PROCID of each message.")
            .define(
                    SD_ID,
                    ConfigDef.Type.STRING,
                    "interlock@32473",
                    SyslogConfig::sdId,
                    Importance.LOW,
                    "SD-ID of the structured data with the event's id, type, topic, partition and offset. 32473 is the private enterprise number for examples: put your own in its place.")
            .define(
                    BOM,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    Importance.LOW,
                    "Whether the text begins with UTF-8's byte order mark, as RFC 5424 wants it; some receivers take it for a part of the JSON.")
            .define(
                    MAX_MESSAGE_BYTES,
                    ConfigDef.Type.INT,
                    8192,
                    Range.between(480, 10_485_760),
                    Importance.MEDIUM,
                    "The longest message, without its length in front. What the receiver takes: rsyslog 8192 unless told otherwise (maxMessageSize), and it cuts what is longer without a word.")
            .define(
                    OVERSIZED,
                    ConfigDef.Type.STRING,
                    "mark",
                    ValidString.in("mark", "report", "fail"),
                    Importance.MEDIUM,
                    "What becomes of a longer one. mark: cut, the structured data says truncatedFrom; report: to the dead letter queue; fail: the task fails.")
            .define(
                    BATCH_BYTES,
                    ConfigDef.Type.INT,
                    65_536,
                    Range.between(1024, 16_777_216),
                    Importance.LOW,
                    "So much is written to the socket at once.")
            .define(
                    CONFIRM,
                    ConfigDef.Type.STRING,
                    "close",
                    ValidString.in("close", "age"),
                    Importance.MEDIUM,
                    "How we know that the receiver has what was written, since syslog has no answer. close: every "
                            + CONFIRM_INTERVAL
                            + " the connection is closed for writing and the receiver reads to its end and closes, too; age: the connection lived on for "
                            + CONFIRM_INTERVAL + " (for receivers that do not close).")
            .define(
                    CONFIRM_INTERVAL,
                    ConfigDef.Type.LONG,
                    2000L,
                    Range.between(100, 600_000),
                    Importance.MEDIUM,
                    "See " + CONFIRM + ".")
            .define(
                    SETTLE,
                    ConfigDef.Type.LONG,
                    1000L,
                    Range.between(0, 600_000),
                    Importance.MEDIUM,
                    "So much longer the receiver must live on, for what it has read but not yet written; then offsets are committed.")
            .define(
                    CLOSE_TIMEOUT,
                    ConfigDef.Type.LONG,
                    5000L,
                    Range.between(100, 600_000),
                    Importance.LOW,
                    "So long we wait for the receiver's close.")
            .define(
                    CONNECT_TIMEOUT,
                    ConfigDef.Type.INT,
                    5000,
                    Range.between(100, 600_000),
                    Importance.LOW,
                    "For the connection and the TLS handshake, each.")
            .define(
                    WRITE_TIMEOUT,
                    ConfigDef.Type.LONG,
                    10_000L,
                    Range.between(100, 240_000),
                    Importance.LOW,
                    "A receiver that takes nothing for so long is taken for gone.")
            .define(
                    BACKOFF_MIN,
                    ConfigDef.Type.LONG,
                    250L,
                    Range.between(10, 600_000),
                    Importance.LOW,
                    "The pause after the first failed connection; doubled each time, with jitter.")
            .define(
                    BACKOFF_MAX,
                    ConfigDef.Type.LONG,
                    30_000L,
                    Range.between(10, 600_000),
                    Importance.LOW,
                    "The longest such pause.");

    /** @throws ConfigException that says what is wrong and what to do */
    public SyslogConfig(Map<String, String> settings) {
        super(DEFINITION, settings, false);
        var problems = problems(settings);
        if (!problems.isEmpty()) {
            var first = problems.entrySet().iterator().next();
            throw new ConfigException(first.getKey() + ": " + first.getValue());
        }
    }

    /** What no single setting says: by the setting that is to be changed. */
    static Map<String, String> problems(Map<String, String> settings) {
        var problems = new LinkedHashMap<String, String>();
        boolean tcp = "tcp".equals(settings.get(PROTOCOL));
        for (var file : new String[] {TLS_CA, TLS_CERTIFICATE}) {
            var path = settings.getOrDefault(file, "");
            if (path.isEmpty()) {
                continue;
            }
            if (tcp) {
                problems.put(file, "is for " + PROTOCOL + "=tls; leave it out, or use TLS.");
            } else if (!Files.isReadable(Path.of(path))) {
                problems.put(
                        file,
                        "The file " + path
                                + " cannot be read by the Connect worker; give the path of a PEM file on the worker's machine.");
            }
        }
        if (number(settings, BACKOFF_MIN, 250) > number(settings, BACKOFF_MAX, 30_000)) {
            problems.put(BACKOFF_MIN, "is more than " + BACKOFF_MAX + "; make it less.");
        }
        return problems;
    }

    private static long number(Map<String, String> settings, String name, long otherwise) {
        try {
            return settings.containsKey(name) ? Long.parseLong(settings.get(name)) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise; // said by the definition
        }
    }

    private static ConfigDef.Validator printable(int most) {
        return (name, value) -> {
            var text = String.valueOf(value);
            if (text.isEmpty() || text.length() > most || !text.chars().allMatch(c -> c >= 33 && c <= 126)) {
                throw new ConfigException(
                        name,
                        value,
                        "1 to " + most + " printable ASCII characters without spaces (RFC 5424), or - for none");
            }
        };
    }

    private static void hostname(String name, Object value) {
        if (!String.valueOf(value).isEmpty()) {
            printable(255).ensureValid(name, value);
        }
    }

    private static void sdId(String name, Object value) {
        if (!SD_NAME.matcher(String.valueOf(value)).matches()) {
            throw new ConfigException(
                    name,
                    value,
                    "a name, @ and a private enterprise number, as in interlock@32473, of 32 characters at most");
        }
    }

    String host() {
        return getString(HOST);
    }

    int port() {
        return getInt(PORT);
    }

    boolean tls() {
        return getString(PROTOCOL).equals("tls");
    }

    Oversized oversized() {
        return Oversized.valueOf(getString(OVERSIZED).toUpperCase(java.util.Locale.ROOT));
    }

    Confirm confirm() {
        return Confirm.valueOf(getString(CONFIRM).toUpperCase(java.util.Locale.ROOT));
    }

    Duration confirmInterval() {
        return Duration.ofMillis(getLong(CONFIRM_INTERVAL));
    }

    Duration settle() {
        return Duration.ofMillis(getLong(SETTLE));
    }

    Duration closeTimeout() {
        return Duration.ofMillis(getLong(CLOSE_TIMEOUT));
    }

    Duration writeTimeout() {
        return Duration.ofMillis(getLong(WRITE_TIMEOUT));
    }
}
