package dev.interlock.upgrade.adapter.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.platform.jdbc.Columns;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Acknowledgements;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

@Singleton
final class JdbcAcknowledgements implements Acknowledgements {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final Sql sql;

    JdbcAcknowledgements(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void add(Word w) {
        sql.update(
                """
                INSERT INTO acknowledgement (id, plan_id, plan_hash, rule, subjects, reason, given_by, given_at)
                VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?)
                """,
                w.id(),
                w.planId(),
                w.planHash(),
                w.interlock(),
                Json.write(w.subjects()),
                w.reason(),
                w.by(),
                w.at());
    }

    @Override
    public Map<String, Set<String>> of(UUID planId, String planHash) {
        var words = new HashMap<String, Set<String>>();
        list(planId).stream()
                .filter(w -> w.planHash().equals(planHash))
                .forEach(w -> words.computeIfAbsent(w.interlock(), rule -> new HashSet<>())
                        .addAll(w.subjects()));
        return words;
    }

    @Override
    public List<Word> list(UUID planId) {
        return sql.list(
                "SELECT * FROM acknowledgement WHERE plan_id = ? ORDER BY given_at, id",
                row -> new Word(
                        Sql.uuid(row, "id"),
                        Sql.uuid(row, "plan_id"),
                        row.getString("plan_hash"),
                        row.getString("rule"),
                        Json.read(row.getString("subjects"), TEXTS),
                        row.getString("reason"),
                        row.getString("given_by"),
                        Columns.instant(row, "given_at")),
                planId);
    }
}
