package dev.interlock.siem.mapping;

import dev.interlock.siem.InterlockEvent;
import dev.interlock.siem.PluginVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of ArcSight's Common Event Format: {@code CEF:0|Interlock|Interlock|version|class id|name|severity|extension}. The
 * class id is the event's type, {@code externalId} its id, {@code rt} its time, {@code msg} its cause.
 */
public final class CefLine {

    private CefLine() {}

    public static String of(InterlockEvent event, Row row) {
        var line = new StringBuilder("CEF:0|Interlock|Interlock|")
                .append(header(PluginVersion.get()))
                .append('|')
                .append(header(event.type()))
                .append('|')
                .append(header(row.title()))
                .append('|')
                .append(row.severity().cef())
                .append('|');
        boolean first = true;
        for (var each : extension(event, row).entrySet()) {
            line.append(first ? "" : " ").append(each.getKey()).append('=').append(value(each.getValue()));
            first = false;
        }
        return line.toString();
    }

    private static Map<String, String> extension(InterlockEvent event, Row row) {
        var extension = new LinkedHashMap<String, String>();
        extension.put("rt", Long.toString(event.time().toEpochMilli()));
        extension.put("externalId", event.id());
        extension.put("msg", row.cause().fill(event));
        extension.put("cat", row.as().caption());
        extension.put("act", row.activityName() == null ? row.activity() : row.activityName());
        put(extension, "outcome", outcome(row));
        put(extension, "reason", event.text("reason"));
        put(extension, "suser", row.by() == null ? null : event.text(row.by()));
        put(extension, "duser", event.text("user"));
        boolean agents = event.type().contains(".agent.");
        if (event.text("hostId") != null && !agents) {
            put(extension, "dhost", event.text(event.field("hostName") != null ? "hostName" : "name"));
        }
        var address = event.text("address");
        if (address != null && address.matches("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]+")) {
            extension.put("dst", address);
            put(extension, "dpt", event.text("port"));
        }
        put(extension, "deviceExternalId", event.text("hostId"));
        extension.put("deviceFacility", event.source().replaceFirst("^/interlock/", ""));
        labelled(extension, "cs1", "clause", row.clauseOf(event));
        labelled(extension, "cs2", "key", event.subject());
        labelled(extension, "cs3", "next", row.nextOf(event));
        labelled(extension, "cs4", "run", event.text("runId"));
        labelled(extension, "cs5", "licenseServer", event.text("licenseServerId"));
        labelled(extension, "cs6", "agent", event.text("agentId"));
        return extension;
    }

    private static @Nullable String outcome(Row row) {
        if (row.rule() != null) {
            return row.rule().equals("Pass") ? "success" : "failure";
        }
        return row.status() == null ? null : row.status().equals("Success") ? "success" : "failure";
    }

    private static void put(Map<String, String> extension, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            extension.put(key, value);
        }
    }

    private static void labelled(Map<String, String> extension, String key, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            extension.put(key, value);
            extension.put(key + "Label", label);
        }
    }

    /** A header field is one line; a pipe and a backslash are escaped. */
    static String header(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\\r\\n]+", " ");
    }

    /** A value may have several lines, written {@code \n}; an equals sign and a backslash are escaped, a pipe is not. */
    static String value(String text) {
        return text.replace("\\", "\\\\")
                .replace("=", "\\=")
                .replace("\r\n", "\\n")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
