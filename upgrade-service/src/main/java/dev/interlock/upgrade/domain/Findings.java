package dev.interlock.upgrade.domain;

import java.util.Map;

/** Names of what a step found out, for the events and for later steps on the same host. */
public final class Findings {
    public static final String SCHEMA_VERSION = "schemaVersion";
    public static final String BACKUP_WHAT = "backupWhat";
    public static final String BACKUP_REFERENCE = "backupReference";
    public static final String BACKUP_BYTES = "backupBytes";
    public static final String BACKUP_SHA256 = "backupSha256";

    /** What {@link LicenseList#text} makes of a license server's licenses. */
    public static final String LICENSES = "licenses";

    public static final String SERVER_ID = "licenseServerId";

    private Findings() {}

    /**
     * @param what database, configuration or environment
     * @param reference path or name under which it is kept
     * @param sha256 in hex
     */
    public static Map<String, String> backup(String what, String reference, long bytes, String sha256) {
        return Map.of(
                BACKUP_WHAT,
                what,
                BACKUP_REFERENCE,
                reference,
                BACKUP_BYTES,
                Long.toString(bytes),
                BACKUP_SHA256,
                sha256);
    }
}
