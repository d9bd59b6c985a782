package dev.interlock.upgrade.adapter.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Releases;
import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Release;
import dev.interlock.upgrade.domain.Version;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

@Singleton
final class JdbcReleases implements Releases {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final Sql sql;

    JdbcReleases(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<Release> of(Product product) {
        return sql
                .list(
                        "SELECT version, repository, packages, assumed, note FROM release WHERE product = ?",
                        row -> new Release(
                                product,
                                new Version(row.getString("version")),
                                row.getString("repository"),
                                Json.read(row.getString("packages"), TEXTS),
                                row.getBoolean("assumed"),
                                row.getString("note")),
                        product.id())
                .stream()
                .sorted(Comparator.comparing(Release::version))
                .toList();
    }

    @Override
    public boolean add(Release r, String by, Instant at) {
        return sql.update(
                        """
                        INSERT INTO release (product, version, repository, packages, assumed, note, registered_by, registered_at)
                        VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """,
                        r.product().id(),
                        r.version().text(),
                        r.repository(),
                        Json.write(r.packages()),
                        r.assumed(),
                        r.note(),
                        by,
                        at)
                == 1;
    }
}
