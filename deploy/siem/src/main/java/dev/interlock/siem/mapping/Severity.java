package dev.interlock.siem.mapping;

import java.util.Arrays;
import java.util.Optional;

/** How grave an event is, in OCSF's words, with what CEF and syslog say for it. */
public enum Severity {
    /** No action required. */
    INFORMATIONAL(1, "Informational", 1, 6),
    /** A person decides whether something is to be done. */
    LOW(2, "Low", 3, 5),
    /** Something is to be done, not at once. */
    MEDIUM(3, "Medium", 5, 4),
    /** Something is to be done at once. */
    HIGH(4, "High", 8, 3),
    /** At once, and many are affected. */
    CRITICAL(5, "Critical", 10, 2);

    private final int id;
    private final String caption;
    private final int cef;
    private final int syslog;

    Severity(int id, String caption, int cef, int syslog) {
        this.id = id;
        this.caption = caption;
        this.cef = cef;
        this.syslog = syslog;
    }

    /** OCSF's {@code severity_id}. */
    public int id() {
        return id;
    }

    public String caption() {
        return caption;
    }

    /** 0 to 10. */
    public int cef() {
        return cef;
    }

    /** As in RFC 5424: 0 is an emergency, 7 is for debugging. */
    public int syslog() {
        return syslog;
    }

    public static Optional<Severity> ofName(String name) {
        return Arrays.stream(values()).filter(s -> s.name().equals(name)).findFirst();
    }
}
