package dev.interlock.platform.probe;

import dev.interlock.contracts.InventoryEvent.HostRetired;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the probe did, in its database; and what it refuses to do. */
@Singleton
public class Effects {

    private final TransactionOperations<Connection> transactions;

    /** What fails, until it is taken out. */
    public final Set<String> refused = ConcurrentHashMap.newKeySet();

    public final AtomicInteger attempts = new AtomicInteger();

    Effects(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    void apply(HostRetired told) {
        attempts.incrementAndGet();
        try (PreparedStatement insert =
                transactions.getConnection().prepareStatement("INSERT INTO effect (host, what) VALUES (?, ?)")) {
            insert.setObject(1, told.hostId());
            insert.setString(2, told.reason());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (refused.contains(told.reason())) {
            throw new IllegalStateException("refused " + told.reason() + " password=hunter2");
        }
    }

    /** Of one host, in the order in which they came. */
    public List<String> of(UUID host) {
        return transactions.executeRead(status -> {
            try (PreparedStatement select =
                    status.getConnection().prepareStatement("SELECT what FROM effect WHERE host = ? ORDER BY seq")) {
                select.setObject(1, host);
                return strings(select);
            }
        });
    }

    public int count() {
        return transactions.executeRead(status -> {
            try (PreparedStatement select =
                    status.getConnection().prepareStatement("SELECT count(*)::text FROM effect")) {
                return Integer.valueOf(strings(select).getFirst());
            }
        });
    }

    private static List<String> strings(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            var all = new ArrayList<String>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }
}
