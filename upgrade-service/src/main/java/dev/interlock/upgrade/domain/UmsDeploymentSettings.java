package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.UmsAction.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an operator has said about a UMS network: its database (G3), where the installer lies (G1), what it calls each host (G10). */
record UmsDeploymentSettings(Map<String, String> settings) {
    private static final List<String> KINDS = List.of("postgresql", "sqlserver", "sqlserver-ad-native", "oracle");
    private static final String NAME = "[A-Za-z0-9._:-]{1,120}";

    /** What of it is no good: then there is no plan. */
    List<Reason> refusals() {
        var refusals = new ArrayList<Reason>();
        if (!KINDS.contains(kind())) {
            refusals.add(new Reason(
                    "G3", "database.kind is '" + kind() + "'.", "Use one of " + String.join(", ", KINDS) + "."));
        }
        for (String key : List.of("host", "port", "name", "user", "credential")) {
            String value = settings.get("database." + key);
            if (value != null && !value.matches(key.equals("port") ? "\\d{1,5}" : NAME)) {
                refusals.add(new Reason(
                        "G3",
                        "database." + key + " is not a plain name or number.",
                        "Put the deployment's setting right."));
            }
        }
        String path = settings.get("installer");
        if (path != null && !path.matches("/[A-Za-z0-9._/{}-]{1,200}")) {
            refusals.add(new Reason(
                    "G1",
                    "The setting 'installer' is not a plain absolute path.",
                    "Write it as in /root/setup-igel-ums-linux_{version}.bin."));
        }
        settings.keySet().stream()
                .filter(k -> k.startsWith("installation-type.")
                        && !settings.getOrDefault(k, "").matches("[a-z0-9-]{1,60}"))
                .forEach(k -> refusals.add(new Reason(
                        "G10", "The setting '" + k + "' is not a plain word.", "Put the deployment's setting right.")));
        return refusals;
    }

    String kind() {
        return settings.getOrDefault("database.kind", "postgresql");
    }

    /** Only such a database is dumped by Interlock; of another a person confirms the backup. */
    boolean postgres() {
        return kind().equals("postgresql");
    }

    boolean adNative() {
        return kind().equals("sqlserver-ad-native");
    }

    /** A database host knows no data source of the UMS, so everything must be said. */
    boolean complete() {
        return settings.keySet()
                .containsAll(List.of("database.host", "database.port", "database.name", "database.user"));
    }

    Database database() {
        return new Database(
                settings.get("database.host"),
                settings.get("database.port"),
                settings.get("database.name"),
                settings.get("database.user"),
                settings.get("database.credential"));
    }

    String installer(String usual) {
        return settings.getOrDefault("installer", usual);
    }

    String type(String variant, String usual) {
        return settings.getOrDefault("installation-type." + variant.replace("+", "-"), usual);
    }
}
