package dev.interlock.platform.http;

import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.problem.Problems;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayApprove;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayReport;
import dev.interlock.platform.security.MayView;
import dev.interlock.platform.telemetry.TraceContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.transaction.TransactionOperations;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A small API that uses everything of the platform's HTTP side as a service does. */
@Controller("/api/v1/signals")
@Requires(property = "interlock.example")
@MayView
class ExampleService {

    @Introspected
    record NewSignal(
            @NotBlank String name,
            @Min(1) int aspects,
            @Nullable List<@Valid Lamp> lamps,
            @Nullable Instant since) {}

    @Introspected
    record Lamp(@NotBlank String colour) {}

    @Introspected
    record Signal(
            UUID id,
            String name,
            List<String> lamps,
            @Nullable String note) {}

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch mayLeave = new CountDownLatch(1);
    private final TransactionOperations<Connection> transactions;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final CurrentActor actor;

    ExampleService(
            TransactionOperations<Connection> transactions,
            Idempotency idempotency,
            AuditLog audit,
            CurrentActor actor) {
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.audit = audit;
        this.actor = actor;
        transactions.executeWrite(status -> {
            try (var create = status.getConnection().createStatement()) {
                return create.execute("CREATE TABLE IF NOT EXISTS signal (id uuid PRIMARY KEY, name text NOT NULL)");
            }
        });
    }

    @Get
    Page<Signal> list(@QueryValue @Nullable Integer limit, @QueryValue @Nullable String after) {
        int size = Page.limit(limit);
        var cursor = Cursor.parse(after, 1);
        var rows = transactions.executeRead(status -> {
            try (var select = status.getConnection()
                    .prepareStatement("SELECT id, name FROM signal WHERE name > ? ORDER BY name LIMIT ?")) {
                select.setString(1, cursor == null ? "" : cursor.text(0));
                select.setInt(2, size + 1);
                var found = select.executeQuery();
                var signals = new ArrayList<Signal>();
                while (found.next()) {
                    signals.add(new Signal(found.getObject(1, UUID.class), found.getString(2), List.of(), null));
                }
                return signals;
            }
        });
        return Page.of(rows, size, row -> Cursor.of(row.name()));
    }

    @Get("/{id}")
    Signal one(UUID id) {
        throw ProblemException.notFound("signal", id);
    }

    @Get(value = "/plan", produces = "text/csv")
    String plan() {
        return "a,b";
    }

    @Get("/who")
    Map<String, Object> who() {
        return Map.of(
                "name", actor.get().name(),
                "roles", actor.get().roles(),
                "traceparent", String.valueOf(TraceContext.currentTraceparent()));
    }

    @Get("/broken")
    Signal broken() {
        throw new IllegalStateException("the secret reason");
    }

    @Post
    @MayOperate
    @Audited("signal.register")
    HttpResponse<?> register(@Body @Valid NewSignal body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var id = UUID.randomUUID();
            insert(id, body.name());
            audit.note("name", body.name());
            if (body.name().equals("forbidden name")) {
                throw ProblemException.conflict("name-taken", "The name is taken", "It is.", "Take another.");
            }
            return HttpResponse.created(
                            new Signal(id, body.name(), List.of(), null), URI.create("/api/v1/signals/" + id))
                    .header(HttpHeaders.ETAG, ETags.of(1));
        });
    }

    @Post("/slow")
    @MayOperate
    HttpResponse<?> slow(HttpRequest<?> request) {
        return idempotency.once(request, null, () -> {
            entered.countDown();
            try {
                if (!mayLeave.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody let me go");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return HttpResponse.accepted();
        });
    }

    @Post("/requests")
    @MayReport
    @Audited("signal.request")
    HttpResponse<?> request(@Body @Valid NewSignal body, HttpRequest<?> request) {
        insert(UUID.randomUUID(), body.name());
        return Problems.answer(request, Problem.conflict("line-occupied", "Occupied", "A train is there.", "Wait."));
    }

    @Put("/{id}")
    @MayOperate
    HttpResponse<?> change(UUID id, @Header(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        ETags.require(ifMatch, 7);
        return HttpResponse.ok(Map.of("id", id)).header(HttpHeaders.ETAG, ETags.of(8));
    }

    @Post("/{id}/approval")
    @MayApprove
    @Audited("signal.approve")
    Map<String, Object> approve(UUID id) {
        return Map.of("id", id);
    }

    @Delete("/{id}")
    @MayOperate
    @Audited("signal.remove")
    HttpResponse<?> remove(UUID id) {
        insert(id, "removed");
        throw new IllegalStateException("the secret reason");
    }

    private void insert(UUID id, String name) {
        var ignored = transactions.executeWrite(status -> {
            try (var insert = status.getConnection().prepareStatement("INSERT INTO signal (id, name) VALUES (?, ?)")) {
                insert.setObject(1, id);
                insert.setString(2, name);
                return insert.executeUpdate();
            }
        });
    }

    List<String> names() {
        return transactions.executeRead(status -> {
            try (var select = status.getConnection().prepareStatement("SELECT name FROM signal ORDER BY name")) {
                var rows = select.executeQuery();
                var names = new ArrayList<String>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        });
    }

    @Controller("/unmarked")
    @Requires(property = "interlock.example")
    static class Unmarked {
        @Get
        String open() {
            return "nobody said who may read this";
        }
    }
}
