package dev.interlock.license.domain;

/** Why a server has no licence for a session. */
public enum Denial {
    NOTHING_ACTIVATED("nothing-activated"),
    EXPIRED("expired"),
    NONE_LEFT("no-license");

    private final String wireName;

    Denial(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** Of a server on which no licence could be claimed. */
    public static Denial of(LicenseCounts counts) {
        if (counts.active() > 0) {
            return NONE_LEFT;
        }
        return counts.expired() > 0 ? EXPIRED : NOTHING_ACTIVATED;
    }
}
