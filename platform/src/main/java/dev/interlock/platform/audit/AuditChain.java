package dev.interlock.platform.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a row: SHA-256 over the hash before it and the row as canonical JSON (members sorted by name, no white space, strings
 * escaped as RFC 8785 wants). Anybody can compute it again from {@code GET /api/v1/audit}.
 */
final class AuditChain {

    /** What stands before the first row. */
    static final byte[] GENESIS = new byte[32];

    private AuditChain() {}

    /** A row without its hashes; times in microseconds, as the database keeps them. */
    record Row(
            long seq,
            Instant at,
            String actor,
            List<String> roles,
            String action,
            String subject,
            String outcome,
            String detail,
            @Nullable String trace) {}

    static byte[] hash(byte[] previous, Row row) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(previous);
            return sha.digest(canonical(row).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String canonical(Row row) {
        var json = new StringBuilder(256);
        json.append("{\"action\":").append(quoted(row.action()));
        json.append(",\"actor\":").append(quoted(row.actor()));
        json.append(",\"at\":").append(quoted(row.at().toString()));
        json.append(",\"detail\":").append(row.detail());
        json.append(",\"outcome\":").append(quoted(row.outcome()));
        json.append(",\"roles\":[");
        var separator = "";
        for (String role : new TreeSet<>(row.roles())) {
            json.append(separator).append(quoted(role));
            separator = ",";
        }
        json.append("],\"seq\":").append(row.seq());
        json.append(",\"subject\":").append(quoted(row.subject()));
        json.append(",\"trace\":").append(row.trace() == null ? "null" : quoted(row.trace()));
        return json.append('}').toString();
    }

    /** Texts as a canonical JSON object. */
    static String object(Map<String, String> texts) {
        SortedMap<String, String> sorted = new TreeMap<>(texts);
        var json = new StringBuilder("{");
        sorted.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(quoted(value)));
        return json.append('}').toString();
    }

    private static String quoted(String text) {
        var json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20) {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
