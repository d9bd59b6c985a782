package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.app.ChangeDeployment;
import dev.interlock.inventory.app.Conditions;
import dev.interlock.inventory.app.DeploymentChange;
import dev.interlock.inventory.app.Deployments;
import dev.interlock.inventory.app.Hosts;
import dev.interlock.inventory.app.RegisterDeployment;
import dev.interlock.inventory.app.RetireDeployment;
import dev.interlock.inventory.domain.Condition;
import dev.interlock.inventory.domain.Condition.FoundOrphan;
import dev.interlock.inventory.domain.Condition.Skew;
import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.ETags;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
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

/** Deployments: hosts that together are one installation of a product. */
@Controller("/api/v1/deployments")
@Tag(name = "deployments")
class DeploymentsController {

    private final Deployments deployments;
    private final Hosts hosts;
    private final Conditions conditions;
    private final RegisterDeployment register;
    private final ChangeDeployment change;
    private final RetireDeployment retire;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final CurrentActor actor;

    DeploymentsController(
            Deployments deployments,
            Hosts hosts,
            Conditions conditions,
            RegisterDeployment register,
            ChangeDeployment change,
            RetireDeployment retire,
            Idempotency idempotency,
            AuditLog audit,
            CurrentActor actor) {
        this.deployments = deployments;
        this.hosts = hosts;
        this.conditions = conditions;
        this.register = register;
        this.change = change;
        this.retire = retire;
        this.idempotency = idempotency;
        this.audit = audit;
        this.actor = actor;
    }

    @Post
    @MayOperate
    @Audited("deployment.register")
    @Operation(
            operationId = "registerDeployment",
            summary = "Register a deployment",
            description =
                    "Members are named by host id or name. A host belongs to at most one deployment of a product. For"
                            + " pcoip-connection-manager the settings location (on-premises, cloud) and securityGateway (on, off)"
                            + " choose the procedure (C2); in a cloud the gateway is always on (C3).")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = DeploymentView.class)))
    HttpResponse<?> register(@Body @Valid DeploymentBody body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var deployment =
                    deployment(register.handle(body.draft(), actor.get().name()), null);
            return HttpResponse.created(view(deployment), URI.create("/api/v1/deployments/" + deployment.id()))
                    .header(HttpHeaders.ETAG, ETags.of(deployment.version()));
        });
    }

    @Get
    @MayView
    @Operation(
            operationId = "listDeployments",
            summary = "List deployments by name",
            description = "Retired ones are not listed. host finds those that a host is a member of.")
    Page<DeploymentView> list(
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue String product,
            @Nullable @QueryValue UUID host) {
        int size = Page.limit(limit);
        var page = Page.of(
                deployments.page(HostsController.product(product), host, HostsController.after(after), size + 1),
                size,
                row -> Cursor.of(row.nameKey(), row.id()));
        var names = hosts.all(page.items().stream()
                .flatMap(deployment -> deployment.members().stream())
                .map(Membership::hostId)
                .toList());
        var known = conditions.all(page.items().stream().map(Deployment::id).toList());
        return page.map(deployment -> view(deployment, names, known.getOrDefault(deployment.id(), Condition.UNKNOWN)));
    }

    @Get("/{id}")
    @MayView
    @Operation(operationId = "showDeployment", summary = "Show a deployment")
    HttpResponse<DeploymentView> show(@PathVariable UUID id) {
        return withTag(deployments.find(id).orElseThrow(() -> InventoryProblems.noDeployment(id)));
    }

    @Put("/{id}")
    @MayOperate
    @Audited("deployment.change")
    @Operation(
            operationId = "changeDeployment",
            summary = "Change a deployment",
            description = "Needs If-Match. The product cannot be changed.")
    HttpResponse<DeploymentView> change(
            @PathVariable UUID id,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @Body @Valid DeploymentBody body) {
        return withTag(deployment(
                change.handle(
                        id,
                        body.draft(),
                        current -> ETags.seen(ifMatch, current),
                        actor.get().name()),
                id));
    }

    @Post("/{id}/retirement")
    @MayOperate
    @Audited("deployment.retire")
    @Operation(
            operationId = "retireDeployment",
            summary = "Take a deployment out of the inventory",
            description = "Its hosts stay.")
    HttpResponse<DeploymentView> retire(@PathVariable UUID id, @Body @Valid Reason body) {
        audit.note("reason", body.reason());
        return withTag(deployment(retire.handle(id, actor.get().name()), id));
    }

    private HttpResponse<DeploymentView> withTag(Deployment deployment) {
        return HttpResponse.ok(view(deployment)).header(HttpHeaders.ETAG, ETags.of(deployment.version()));
    }

    private DeploymentView view(Deployment deployment) {
        return view(
                deployment,
                hosts.all(deployment.members().stream().map(Membership::hostId).toList()),
                conditions.of(deployment.id()));
    }

    private static DeploymentView view(Deployment deployment, Map<UUID, Host> hosts, Condition condition) {
        return new DeploymentView(
                deployment.id(),
                deployment.name(),
                deployment.product().slug(),
                deployment.members().stream()
                        .map(member -> {
                            var host = hosts.get(member.hostId());
                            return new MemberView(member.hostId(), host == null ? "" : host.name(), member.role());
                        })
                        .toList(),
                deployment.settings(),
                deployment.retired(),
                deployment.version(),
                condition.comparison() == null
                        ? null
                        : condition.orphans().stream().map(OrphanView::of).toList(),
                deployment.product().registersServers() ? RegistrationsView.of(condition) : null,
                SkewView.of(condition.skew()));
    }

    private static Deployment deployment(DeploymentChange outcome, @Nullable UUID id) {
        return switch (outcome) {
            case DeploymentChange.Done(var deployment) -> deployment;
            case DeploymentChange.Flawed(var flaws) -> throw InventoryProblems.flawed(flaws);
            case DeploymentChange.NameTaken taken -> throw InventoryProblems.nameTaken(taken);
            case DeploymentChange.HostTaken taken -> throw InventoryProblems.hostTaken(taken);
            case DeploymentChange.Unknown() -> throw InventoryProblems.noDeployment(id == null ? new UUID(0, 0) : id);
            case DeploymentChange.Retired retired -> throw InventoryProblems.retired(retired);
            case DeploymentChange.Stale(var version) -> throw InventoryProblems.stale(version);
        };
    }

    /** @param settings what an operator says about it; never a secret */
    @Introspected
    record DeploymentBody(
            @Nullable String name,
            @Nullable String product,
            @Nullable List<@Valid MemberBody> members,
            @Nullable Map<String, String> settings) {

        DeploymentDraft draft() {
            return new DeploymentDraft(
                    name,
                    product,
                    members == null
                            ? List.of()
                            : members.stream()
                                    .map(member -> new Place(member.host(), member.role()))
                                    .toList(),
                    settings == null ? Map.of() : settings);
        }
    }

    /**
     * @param host its id or name
     * @param role {@code node} if not given
     */
    @Introspected
    record MemberBody(@Nullable String host, @Nullable String role) {}

    /**
     * @param registrations what the product has registered, and how it compares with the members (G2); null for products that
     *     keep no list
     * @param clockSkew while two members' clocks are too far apart (G5)
     */
    @Introspected
    record DeploymentView(
            UUID deploymentId,
            String name,
            String product,
            List<MemberView> members,
            Map<String, String> settings,
            boolean retired,
            long version,
            @Nullable List<OrphanView> orphans,
            @Nullable RegistrationsView registrations,
            @Nullable SkewView clockSkew) {}

    /** A registration that is no member (G2). */
    @Introspected
    record OrphanView(
            String orphanId,
            String kind,
            String registeredName,
            @Nullable String registeredAddress,
            @Nullable String registeredVersion,
            Instant since,
            String next) {
        static OrphanView of(FoundOrphan found) {
            var registered = found.orphan().registered();
            return new OrphanView(
                    registered.id(),
                    registered.kind(),
                    registered.name(),
                    registered.address(),
                    registered.version(),
                    found.since(),
                    found.orphan().next());
        }
    }

    /**
     * The comparison that {@code orphans} came from.
     *
     * @param state compared, unreadable or not-yet-compared
     * @param readOn the member on which the product's list was read
     * @param readBy the commands that listed it
     * @param detail why the list could not be read last time
     */
    @Introspected
    record RegistrationsView(
            String state,
            @Nullable Instant readAt,
            @Nullable String readOn,
            @Nullable String readBy,
            @Nullable Integer registered,
            @Nullable String detail,
            @Nullable String next) {
        static RegistrationsView of(Condition condition) {
            var list = condition.comparison();
            var unreadable = condition.unreadable();
            return new RegistrationsView(
                    unreadable != null ? "unreadable" : list == null ? "not-yet-compared" : "compared",
                    list == null ? null : list.at(),
                    list == null ? null : list.onName(),
                    list == null ? null : list.listed().by(),
                    list == null ? null : list.listed().entries().size(),
                    unreadable,
                    unreadable != null
                            ? "Let the account run umsadmin-cli by sudo without a password, or see why the database does not"
                                    + " answer; then have a server probed."
                            : list == null ? "Have a server of the deployment probed." : null);
        }
    }

    /** @param host is {@code apartMillis} ahead of {@code otherHost} */
    @Introspected
    record SkewView(
            UUID hostId,
            String host,
            UUID otherHostId,
            String otherHost,
            long apartMillis,
            long errorMillis,
            long limitMillis,
            Instant since,
            String next) {
        static @Nullable SkewView of(@Nullable Skew skew) {
            if (skew == null) {
                return null;
            }
            var spread = skew.spread();
            return new SkewView(
                    spread.ahead().hostId(),
                    spread.ahead().name(),
                    spread.behind().hostId(),
                    spread.behind().name(),
                    spread.apart().offsetMillis(),
                    spread.apart().errorMillis(),
                    skew.limit().toMillis(),
                    skew.since(),
                    HostView.ClockView.NEXT);
        }
    }

    @Introspected
    record MemberView(UUID hostId, String host, String role) {}

    @Introspected
    record Reason(@NotBlank @Size(max = 500) String reason) {}
}
