package dev.interlock.lab.product;

import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.product.UmsDatabase.Kind;
import dev.interlock.lab.product.UmsDatabase.Registered;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** One UMS deployment: what its servers tell each other, and their productive database. */
final class UmsCluster {
    private static final Duration RENEWAL = Duration.ofSeconds(3);

    /** How far an update has come: {@code n of m servers updated}. */
    record Progress(int updated, int registered) {
        boolean complete() {
            return updated == registered;
        }

        String text() {
            return updated + " of " + registered + " servers updated";
        }
    }

    /** A database error inside an effect. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final SQLException sql;

        Failed(SQLException cause) {
            super(cause);
            sql = cause;
        }

        SQLException sql() {
            return sql;
        }
    }

    private final String name;
    private final UmsDatabase database;
    private final Map<String, UmsNode> members = new ConcurrentSkipListMap<>();
    private final Set<String> finished = ConcurrentHashMap.newKeySet();

    UmsCluster(String name, UmsDatabase database) {
        this.name = name;
        this.database = database;
    }

    void create(String version) {
        try {
            database.create(version);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "The database of the UMS deployment " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    UmsDatabase database() {
        return database;
    }

    void join(UmsNode node) {
        members.put(node.host(), node);
    }

    /** Counts those in {@code registered} that exist and have at least this version; an orphan never has (G2, G24). */
    Progress progress(String version, List<Registered> registered) {
        int updated = (int) registered.stream()
                .filter(r -> members.values().stream()
                        .anyMatch(m -> m.processId().equals(r.processId()) && m.hasAtLeast(version)))
                .count();
        return new Progress(updated, registered.size());
    }

    /** All servers have this version and the schema is renewed: whoever is still on a copy may come back (G17). */
    boolean finished(String version) {
        return finished.contains(version);
    }

    void finish(String version) {
        finished.add(version);
        members.values().forEach(UmsNode::wake);
    }

    List<Registered> servers() throws SQLException {
        return database.registered(Kind.SERVER);
    }

    /** @return whether this call renewed it */
    boolean renew(HostProcess process, String version) throws SQLException {
        String target = UmsDatabase.majorMinor(version);
        boolean[] done = new boolean[1];
        try {
            database.renew(target, process.machine().name(), (from, change) -> {
                process.sleep(RENEWAL);
                process.machine().effect(process, Effect.Kind.RENEW, "schema", from + " -> " + target, () -> {
                    try {
                        change.commit();
                    } catch (SQLException e) {
                        throw new Failed(e);
                    }
                });
                done[0] = true;
            });
        } catch (Failed e) {
            throw e.sql();
        }
        return done[0];
    }
}
