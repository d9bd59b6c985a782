package dev.interlock.platform.scheduling;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.transaction.TransactionOperations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Inside a transaction gives out its connection, which then cannot be closed or committed; outside, one from the pool. */
final class TransactionDataSource extends DelegatingDataSource {

    private final TransactionOperations<Connection> transactions;

    TransactionDataSource(DataSource database, TransactionOperations<Connection> transactions) {
        super(unwrapDataSource(database));
        this.transactions = transactions;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var transaction = transactions.findTransactionStatus();
        if (transaction.isPresent() && transaction.get().getConnection() instanceof Connection connection) {
            return borrowed(connection);
        }
        return super.getConnection();
    }

    private static Connection borrowed(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                TransactionDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "close", "commit" -> null;
                    case "rollback", "setAutoCommit" ->
                        throw new SQLException("the transaction belongs to whoever began it");
                    default -> {
                        try {
                            yield method.invoke(connection, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
    }
}
