package dev.interlock.platform.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;

/**
 * The relay's own connection to PostgreSQL. It holds what makes this relay the active one, so it cannot come from a pool, and
 * not through a proxy that shares connections among transactions.
 */
final class RelayConnection implements AutoCloseable {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection jdbc;
    private boolean asleep;

    private RelayConnection(Connection jdbc) {
        this.jdbc = jdbc;
    }

    static RelayConnection open(String url, String user, String password, String name) throws SQLException {
        var properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("socketTimeout", "15");
        properties.setProperty("tcpKeepAlive", "true");
        var jdbc = DriverManager.getConnection(url, properties);
        try (Statement set = jdbc.createStatement()) {
            // a lost delete is only an event sent twice
            set.execute("SET synchronous_commit = off");
            set.execute("SET lock_timeout = '100ms'");
            // when this machine is gone the server notices within 20 s, and another relay gets its turn
            set.execute("SET tcp_keepalives_idle = 5");
            set.execute("SET tcp_keepalives_interval = 5");
            set.execute("SET tcp_keepalives_count = 3");
        } catch (SQLException e) {
            jdbc.close();
            throw e;
        }
        return new RelayConnection(jdbc);
    }

    Connection jdbc() {
        return jdbc;
    }

    /** Makes this the active relay of the database, if there is no other. */
    boolean tryLead() throws SQLException {
        return lock("SELECT pg_try_advisory_lock(?, ?)", OutboxTable.LOCK_ACTIVE);
    }

    void listen() throws SQLException {
        try (Statement listen = jdbc.createStatement()) {
            listen.execute("LISTEN " + OutboxTable.NOTIFY_CHANNEL);
        }
    }

    boolean isAsleep() {
        return asleep;
    }

    /**
     * From now on inserts notify. Waits for the transactions that did not; what they wrote can be read when this returns true.
     * False if one of them takes long.
     */
    boolean fallAsleep() throws SQLException {
        if (asleep) {
            return true;
        }
        try {
            lock("SELECT pg_advisory_lock(?, ?) IS NOT NULL", OutboxTable.LOCK_ASLEEP);
            asleep = true;
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
        }
        return asleep;
    }

    /** From now on inserts need not notify. */
    void wakeUp() throws SQLException {
        if (asleep) {
            lock("SELECT pg_advisory_unlock(?, ?)", OutboxTable.LOCK_ASLEEP);
            asleep = false;
        }
    }

    /** Whether somebody has notified; waits for that. */
    boolean awaitNotification(Duration atMost) throws SQLException {
        var notifications = jdbc.unwrap(PGConnection.class).getNotifications(Math.max(1, (int) atMost.toMillis()));
        return notifications != null && notifications.length > 0;
    }

    List<OutboxTable.Waiting> first(int limit) throws SQLException {
        return OutboxTable.first(jdbc, limit);
    }

    void delete(List<OutboxTable.Waiting> sent) throws SQLException {
        OutboxTable.delete(jdbc, sent);
    }

    private boolean lock(String sql, int which) throws SQLException {
        try (PreparedStatement call = jdbc.prepareStatement(sql)) {
            call.setInt(1, OutboxTable.LOCKS_OF_RELAY);
            call.setInt(2, which);
            try (ResultSet answer = call.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        jdbc.close();
    }
}
