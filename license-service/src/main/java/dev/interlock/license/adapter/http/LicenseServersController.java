package dev.interlock.license.adapter.http;

import dev.interlock.license.app.LicenseServers;
import dev.interlock.license.app.Pools;
import dev.interlock.license.app.RegisterLicenseServer;
import dev.interlock.license.app.RegisterLicenseServer.Registration.NameTaken;
import dev.interlock.license.app.RegisterLicenseServer.Registration.Registered;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** License servers and what is active on them. */
@Controller("/api/v1/license-servers")
@Tag(name = "license servers")
class LicenseServersController {
    private final RegisterLicenseServer register;
    private final LicenseServers servers;
    private final Pools pools;
    private final Idempotency idempotency;
    private final CurrentActor actor;

    LicenseServersController(
            RegisterLicenseServer register,
            LicenseServers servers,
            Pools pools,
            Idempotency idempotency,
            CurrentActor actor) {
        this.register = register;
        this.servers = servers;
        this.pools = pools;
        this.idempotency = idempotency;
        this.actor = actor;
    }

    @Post
    @MayOperate
    @Audited("license-server.register")
    @Operation(summary = "Register a license server", description = "A native one is counted by this service itself.")
    HttpResponse<?> register(@Body @Valid NewLicenseServer body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var name = body.name().strip();
            return switch (register.handle(
                    name,
                    Kind.ofWireName(body.kind()),
                    body.address(),
                    actor.get().name())) {
                case Registered(var server) ->
                    HttpResponse.created(
                            LicenseServerView.of(server, Map.of()),
                            URI.create("/api/v1/license-servers/" + server.id()));
                case NameTaken() ->
                    throw ProblemException.conflict(
                            "license-server-name-taken",
                            "The name is taken",
                            "There is a license server " + name + " already.",
                            "Use that one, or choose another name.");
            };
        });
    }

    @Get
    @MayView
    @Operation(summary = "List license servers by name")
    Page<LicenseServerSummary> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 1);
        return Page.of(
                        servers.page(cursor == null ? null : cursor.text(0), size + 1),
                        size,
                        server -> Cursor.of(server.name()))
                .map(LicenseServerSummary::of);
    }

    @Get("/{id}")
    @MayView
    @Operation(summary = "Show a license server and the licences that are active on it")
    LicenseServerView show(@PathVariable UUID id) {
        var server = servers.find(new ServerId(id)).orElseThrow(() -> LicenseProblems.noServer(id));
        return LicenseServerView.of(server, pools.on(server.id()));
    }

    /**
     * @param kind {@code native}: counted by this service itself
     * @param address where agents reach it
     */
    @Introspected
    record NewLicenseServer(
            @NotBlank @Size(max = 100) String name,

            @NotBlank @Pattern(regexp = "native", message = "must be native")
            String kind,

            @Nullable @Size(min = 1, max = 500) String address) {}

    @Introspected
    record LicenseServerSummary(
            UUID licenseServerId,
            String name,
            String kind,
            @Nullable String address,
            Instant registeredAt) {
        static LicenseServerSummary of(LicenseServer server) {
            return new LicenseServerSummary(
                    server.id().value(),
                    server.name(),
                    server.kind().wireName(),
                    server.address(),
                    server.registeredAt());
        }
    }

    @Introspected
    record LicenseServerView(
            UUID licenseServerId,
            String name,
            String kind,
            @Nullable String address,
            Instant registeredAt,
            List<ActiveLicenses> activations) {
        static LicenseServerView of(LicenseServer server, Map<ActivationCode, Allotment> activations) {
            return new LicenseServerView(
                    server.id().value(),
                    server.name(),
                    server.kind().wireName(),
                    server.address(),
                    server.registeredAt(),
                    activations.entrySet().stream()
                            .map(held -> new ActiveLicenses(
                                    held.getKey().value(),
                                    held.getValue().total(),
                                    held.getValue().inUse(),
                                    held.getValue().returning()))
                            .toList());
        }
    }

    @Introspected
    record ActiveLicenses(String activationCode, int total, int inUse, int returning) {}
}
