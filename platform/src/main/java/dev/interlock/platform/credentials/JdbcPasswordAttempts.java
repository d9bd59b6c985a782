package dev.interlock.platform.credentials;

import io.micronaut.context.annotation.Requires;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Refusals as rows; in transactions of their own, because what they tell of has happened whatever becomes of the caller's work. */
@Singleton
@Requires(beans = DataSource.class)
final class JdbcPasswordAttempts implements PasswordAttempts {

    private static final TransactionDefinition OWN =
            TransactionDefinition.of(TransactionDefinition.Propagation.REQUIRES_NEW);

    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    JdbcPasswordAttempts(TransactionOperations<Connection> transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void check(Credential.Password password, String place) {
        boolean refused = transactions.execute(OWN, status -> {
            try (var select = status.getConnection()
                    .prepareStatement(
                            "SELECT 1 FROM credential_refusal WHERE credential = ? AND place = ? AND version = ?")) {
                select.setString(1, password.name());
                select.setString(2, place);
                select.setString(3, password.version());
                return select.executeQuery().next();
            }
        });
        if (refused) {
            throw PasswordAttempts.refusal(password, place);
        }
    }

    @Override
    public void failed(Credential.Password password, String place) {
        var ignored = transactions.execute(OWN, status -> {
            try (var upsert = status.getConnection().prepareStatement("""
                    INSERT INTO credential_refusal (credential, place, version, refused_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (credential, place)
                    DO UPDATE SET version = excluded.version, refused_at = excluded.refused_at
                    """)) {
                upsert.setString(1, password.name());
                upsert.setString(2, place);
                upsert.setString(3, password.version());
                upsert.setTimestamp(4, Timestamp.from(clock.instant()));
                return upsert.executeUpdate();
            }
        });
    }

    @Override
    public int clear(String credential) {
        return transactions.executeWrite(status -> {
            try (var delete =
                    status.getConnection().prepareStatement("DELETE FROM credential_refusal WHERE credential = ?")) {
                delete.setString(1, credential);
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public List<Refused> list() {
        return transactions.executeRead(status -> {
            try (var select = status.getConnection()
                    .prepareStatement("SELECT credential, place, version, refused_at FROM credential_refusal"
                            + " ORDER BY credential, place")) {
                var rows = select.executeQuery();
                var refused = new ArrayList<Refused>();
                while (rows.next()) {
                    refused.add(new Refused(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getTimestamp(4).toInstant()));
                }
                return refused;
            }
        });
    }
}
