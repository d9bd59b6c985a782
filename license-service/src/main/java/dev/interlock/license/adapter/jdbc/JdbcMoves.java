package dev.interlock.license.adapter.jdbc;

import dev.interlock.license.app.Moves;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ServerId;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code license_move}. */
@Singleton
@Connectable
public class JdbcMoves implements Moves {
    private final JdbcOperations jdbc;

    JdbcMoves(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void begin(UUID returning, ActivationCode code, ServerId from, ServerId to, int count, int totalThere) {
        jdbc.prepareStatement("""
                insert into license_move (returning_request, activation_code, origin, destination, count, total_there)
                values (?, ?, ?, ?, ?, ?)
                """, insert -> {
            insert.setObject(1, returning);
            insert.setString(2, code.value());
            insert.setObject(3, from.value());
            insert.setObject(4, to.value());
            insert.setInt(5, count);
            insert.setInt(6, totalThere);
            return insert.executeUpdate();
        });
    }

    @Override
    public Optional<Move> underWay(ActivationCode code, ServerId from, ServerId to) {
        return jdbc.prepareStatement("""
                select * from license_move
                where activation_code = ? and origin = ? and destination = ? and not ended
                """, select -> {
            select.setString(1, code.value());
            select.setObject(2, from.value());
            select.setObject(3, to.value());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Move(
                                rows.getObject("returning_request", UUID.class),
                                rows.getInt("count"),
                                rows.getInt("total_there"),
                                rows.getObject("activating_request", UUID.class)))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void activating(UUID returning, UUID activating) {
        jdbc.prepareStatement("update license_move set activating_request = ? where returning_request = ?", update -> {
            update.setObject(1, activating);
            update.setObject(2, returning);
            return update.executeUpdate();
        });
    }

    @Override
    public void end(UUID returning) {
        jdbc.prepareStatement("update license_move set ended = true where returning_request = ?", update -> {
            update.setObject(1, returning);
            return update.executeUpdate();
        });
    }
}
