package dev.interlock.upgrade.adapter.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.platform.jdbc.Columns;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.TraceForm;
import dev.interlock.upgrade.app.Traces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@Singleton
final class JdbcTraces implements Traces {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final Sql sql;

    JdbcTraces(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void keep(UUID runId, Sealed sealed, TraceForm.Key key) {
        sql.update(
                "INSERT INTO trace_key (key_id, public_key, first_used_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                key.id(),
                key.publicKey(),
                sealed.at());
        sql.update(
                """
                INSERT INTO run_trace (run_id, head, seal, key_id, events, breaches, sealed_at) VALUES (?, ?, ?, ?, ?, ?::jsonb, ?)
                ON CONFLICT (run_id) DO UPDATE
                    SET head = excluded.head, seal = excluded.seal, key_id = excluded.key_id, events = excluded.events,
                        breaches = excluded.breaches, sealed_at = excluded.sealed_at
                """,
                runId,
                sealed.head(),
                sealed.seal().line(),
                sealed.seal().keyId(),
                sealed.events(),
                Json.write(sealed.breaches()),
                sealed.at());
    }

    @Override
    public Optional<Sealed> of(UUID runId) {
        return sql.first(
                "SELECT * FROM run_trace WHERE run_id = ?",
                row -> new Sealed(
                        row.getString("head"),
                        new TraceForm.Seal(row.getString("seal"), row.getString("key_id")),
                        row.getLong("events"),
                        Json.read(row.getString("breaches"), TEXTS),
                        Columns.instant(row, "sealed_at")),
                runId);
    }

    @Override
    public List<KnownKey> keys() {
        return sql.list(
                "SELECT * FROM trace_key ORDER BY first_used_at, key_id",
                row -> new KnownKey(
                        new TraceForm.Key(row.getString("key_id"), row.getString("public_key")),
                        Columns.instant(row, "first_used_at")));
    }
}
