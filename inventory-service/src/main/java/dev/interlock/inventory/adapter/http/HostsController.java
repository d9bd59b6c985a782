package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.app.AcceptHostKey;
import dev.interlock.inventory.app.ChangeHost;
import dev.interlock.inventory.app.HostChange;
import dev.interlock.inventory.app.Hosts;
import dev.interlock.inventory.app.RegisterHost;
import dev.interlock.inventory.app.RequestProbe;
import dev.interlock.inventory.app.RetireHost;
import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.Facts.Difference;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostDraft;
import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.inventory.domain.Product;
import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.ETags;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Hosts: what people decide about them, and what probes saw. */
@Controller("/api/v1/hosts")
@Tag(name = "hosts")
class HostsController {

    private final Hosts hosts;
    private final RegisterHost register;
    private final ChangeHost change;
    private final RetireHost retire;
    private final AcceptHostKey acceptKey;
    private final RequestProbe requestProbe;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final CurrentActor actor;

    HostsController(
            Hosts hosts,
            RegisterHost register,
            ChangeHost change,
            RetireHost retire,
            AcceptHostKey acceptKey,
            RequestProbe requestProbe,
            Idempotency idempotency,
            AuditLog audit,
            CurrentActor actor) {
        this.hosts = hosts;
        this.register = register;
        this.change = change;
        this.retire = retire;
        this.acceptKey = acceptKey;
        this.requestProbe = requestProbe;
        this.idempotency = idempotency;
        this.audit = audit;
        this.actor = actor;
    }

    @Post
    @MayOperate
    @Audited("host.register")
    @Operation(
            operationId = "registerHost",
            summary = "Register a host and have it probed",
            description =
                    "Without hostKey the probe only records which key the host presents; nothing is sent to it until that key"
                            + " is accepted.")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = HostView.class)))
    HttpResponse<?> register(@Body @Valid HostBody body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var draft = body.draft();
            var host = host(register.handle(draft, "api"), draft, null);
            return HttpResponse.created(view(host.id()), URI.create("/api/v1/hosts/" + host.id()))
                    .header(HttpHeaders.ETAG, ETags.of(host.version()));
        });
    }

    @Get
    @MayView
    @Operation(
            operationId = "listHosts",
            summary = "List hosts by name",
            description =
                    "Retired ones only with status=retired. q finds a part of name or address, deployment the members of one.")
    Page<HostView> list(
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue String status,
            @Nullable @QueryValue String product,
            @Nullable @QueryValue UUID deployment,
            @Nullable @QueryValue String q) {
        int size = Page.limit(limit);
        return Page.of(
                        hosts.page(status(status), product(product), deployment, search(q), after(after), size + 1),
                        size,
                        row -> Cursor.of(
                                row.host().settings().nameKey(), row.host().id()))
                .map(HostView::of);
    }

    @Get("/{id}")
    @MayView
    @Operation(
            operationId = "showHost",
            summary = "Show a host",
            description = "The ETag counts what people change, not what probes see.")
    HttpResponse<HostView> show(@PathVariable UUID id) {
        return withTag(view(id));
    }

    @Put("/{id}")
    @MayOperate
    @Audited("host.change")
    @Operation(
            operationId = "changeHost",
            summary = "Change a host",
            description = "Needs If-Match. Without labels or hostKey those stay as they are. The host is probed anew.")
    HttpResponse<HostView> change(
            @PathVariable UUID id, @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch, @Body @Valid HostBody body) {
        var draft = body.draft();
        host(change.handle(id, draft, current -> ETags.seen(ifMatch, current)), draft, id);
        return withTag(view(id));
    }

    @Post("/{id}/retirement")
    @MayOperate
    @Audited("host.retire")
    @Operation(
            operationId = "retireHost",
            summary = "Take a host out of the inventory",
            description =
                    "Refused while it is a member of a deployment, and while a license server on it holds licenses (L17). Its"
                            + " former facts stay readable.")
    HttpResponse<HostView> retire(@PathVariable UUID id, @Body @Valid Reason body) {
        audit.note("reason", body.reason());
        host(retire.handle(id, body.reason().strip(), actor.get().name()), null, id);
        return withTag(view(id));
    }

    @Post("/{id}/probes")
    @MayOperate
    @Audited("host.probe")
    @Operation(
            operationId = "probeHost",
            summary = "Have a host probed now",
            description =
                    "The answer comes as events and on the host, whose probedAt changes. With updates=true the probe"
                            + " also lists pending updates, which takes longer (K3).")
    @ApiResponse(
            responseCode = "202",
            description = "Asked for; the answer comes as events and on the host",
            content = @Content(schema = @Schema(implementation = HostView.class)))
    HttpResponse<HostView> probe(@PathVariable UUID id, @Nullable @QueryValue Boolean updates) {
        host(requestProbe.handle(id, Boolean.TRUE.equals(updates)), null, id);
        return HttpResponse.accepted(URI.create("/api/v1/hosts/" + id)).body(view(id));
    }

    @Post("/{id}/host-key")
    @MayOperate
    @Audited("host.accept-key")
    @Operation(
            operationId = "acceptHostKey",
            summary = "Vouch for a host's key",
            description =
                    "Pins the key, the first one or one that replaces another, and has the host probed. Compare the"
                            + " fingerprint on the host itself first.")
    HttpResponse<HostView> acceptKey(@PathVariable UUID id, @Body @Valid HostKeyBody body) {
        var host = host(acceptKey.handle(id, body.hostKey()), null, id);
        var pinned = host.pinned();
        if (pinned != null) {
            audit.note("fingerprint", pinned.fingerprint());
        }
        return withTag(view(id));
    }

    @Get("/{id}/facts")
    @MayView
    @Operation(
            operationId = "listHostFacts",
            summary = "List what was found on a host, newest first, with what changed each time")
    Page<FormerFactsView> facts(
            @PathVariable UUID id, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        if (hosts.find(id).isEmpty()) {
            throw InventoryProblems.noHost(id);
        }
        var cursor = Cursor.parse(after, 1);
        return Page.of(
                        hosts.facts(id, cursor == null ? null : cursor.number(0), size + 1),
                        size,
                        row -> Cursor.of(row.seq()))
                .map(row -> new FormerFactsView(
                        row.observedAt(),
                        HostView.FactsView.of(row.facts()),
                        row.facts().os(),
                        row.changes()));
    }

    private HostView view(UUID id) {
        return HostView.of(hosts.show(id).orElseThrow(() -> InventoryProblems.noHost(id)));
    }

    private static HttpResponse<HostView> withTag(HostView view) {
        return HttpResponse.ok(view).header(HttpHeaders.ETAG, ETags.of(view.version()));
    }

    private static Host host(HostChange outcome, @Nullable HostDraft draft, @Nullable UUID id) {
        return switch (outcome) {
            case HostChange.Done(var host) -> host;
            case HostChange.Flawed(var flaws) -> throw InventoryProblems.flawed(flaws);
            case HostChange.Taken taken ->
                throw InventoryProblems.taken(
                        taken, draft == null ? taken.other().settings() : draft.settings());
            case HostChange.Unknown() -> throw InventoryProblems.noHost(id == null ? new UUID(0, 0) : id);
            case HostChange.Retired retired -> throw InventoryProblems.retired(retired);
            case HostChange.Stale(var version) -> throw InventoryProblems.stale(version);
            case HostChange.InUse inUse -> throw InventoryProblems.inUse(inUse);
            case HostChange.HoldsLicenses holds -> throw InventoryProblems.holdsLicenses(holds);
        };
    }

    private static @Nullable HostStatus status(@Nullable String status) {
        return status == null || status.isEmpty()
                ? null
                : HostStatus.of(status)
                        .orElseThrow(() -> ProblemException.invalid(
                                "there is no status '" + status + "'", "Use one of " + HostStatus.names() + "."));
    }

    static @Nullable Product product(@Nullable String product) {
        return product == null || product.isEmpty()
                ? null
                : Product.of(product)
                        .orElseThrow(() -> ProblemException.invalid(
                                "there is no product '" + product + "'", "Use one of " + Product.names() + "."));
    }

    private static @Nullable String search(@Nullable String q) {
        if (q == null || q.isBlank()) {
            return null;
        }
        if (q.length() > 253 || q.indexOf('\u0000') >= 0) {
            throw ProblemException.invalid("q is too long or not text", "Use a part of a name or address.");
        }
        return q.strip();
    }

    static Hosts.@Nullable After after(@Nullable String after) {
        var cursor = Cursor.parse(after, 2);
        return cursor == null ? null : new Hosts.After(cursor.text(0), cursor.uuid(1));
    }

    /**
     * @param port 22 if not given
     * @param credential the name of a credential, never the secret itself
     * @param hostKey {@code ssh-ed25519 AAAA…}, if somebody vouches for it
     */
    @Introspected
    record HostBody(
            @Nullable String name,
            @Nullable String address,
            @Nullable Integer port,
            @Nullable String user,
            @Nullable String credential,
            @Nullable String hostKey,
            @Nullable Map<String, String> labels) {

        HostDraft draft() {
            return new HostDraft(name, address, port, user, credential, hostKey, labels);
        }
    }

    @Introspected
    record Reason(@NotBlank @Size(max = 500) String reason) {}

    @Introspected
    record HostKeyBody(@NotBlank @Size(max = 2000) String hostKey) {}

    /** @param changes since the facts before; empty for the first */
    @Introspected
    record FormerFactsView(
            Instant observedAt,
            HostView.FactsView facts,
            Facts.@Nullable OperatingSystem os,
            List<Difference> changes) {}
}
