package dev.interlock.license.adapter.http;

import dev.interlock.license.app.FlexnetServers;
import dev.interlock.license.app.LicenseServers;
import dev.interlock.license.app.Pools;
import dev.interlock.license.app.RegisterLicenseServer;
import dev.interlock.license.app.RegisterLicenseServer.Registration.NameTaken;
import dev.interlock.license.app.RegisterLicenseServer.Registration.PasswordImpossible;
import dev.interlock.license.app.RegisterLicenseServer.Registration.Registered;
import dev.interlock.license.app.RetireLicenseServer;
import dev.interlock.license.app.ServerWatch;
import dev.interlock.license.app.WriteTicket;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.LicenseServer.Management;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.SupportTicket;
import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayAdminister;
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
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    private final ServerWatch watch;
    private final FlexnetServers flexnet;
    private final RetireLicenseServer retire;
    private final WriteTicket ticket;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final CurrentActor actor;

    LicenseServersController(
            RegisterLicenseServer register,
            LicenseServers servers,
            Pools pools,
            ServerWatch watch,
            FlexnetServers flexnet,
            RetireLicenseServer retire,
            WriteTicket ticket,
            Idempotency idempotency,
            AuditLog audit,
            CurrentActor actor) {
        this.register = register;
        this.servers = servers;
        this.pools = pools;
        this.watch = watch;
        this.flexnet = flexnet;
        this.retire = retire;
        this.ticket = ticket;
        this.idempotency = idempotency;
        this.audit = audit;
        this.actor = actor;
    }

    @Post
    @MayOperate
    @Audited("license-server.register")
    @Operation(
            operationId = "registerLicenseServer",
            summary = "Register a license server",
            description = "A native one is counted by this service itself.")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = LicenseServerView.class)))
    HttpResponse<?> register(@Body @Valid NewLicenseServer body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var name = body.name().strip();
            return switch (register.handle(
                    name,
                    Kind.ofWireName(body.kind()),
                    body.address(),
                    management(body),
                    actor.get().name())) {
                case Registered(var server) ->
                    HttpResponse.created(view(server), URI.create("/api/v1/license-servers/" + server.id()));
                case PasswordImpossible(var flaws) ->
                    throw ProblemException.conflict(
                            "admin-password-impossible",
                            "This cannot be the administrator's password",
                            "The password in the credential " + body.credential() + " breaks the vendor's rules: "
                                    + String.join(", ", flaws) + ".",
                            "Set a password of 8 to 30 characters with a lower-case and an upper-case letter, a digit and a"
                                    + " symbol, without quotes, backslash and space, and write it into the credential.");
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
    @Operation(operationId = "listLicenseServers", summary = "List license servers by name")
    Page<LicenseServerSummary> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 1);
        return Page.of(
                        servers.page(cursor == null ? null : cursor.text(0), size + 1),
                        size,
                        server -> Cursor.of(server.name()))
                .map(server ->
                        LicenseServerSummary.of(server, watch.find(server.id()).orElse(null)));
    }

    @Get("/{id}")
    @MayView
    @Operation(
            operationId = "showLicenseServer",
            summary = "Show a license server and the licences that are active on it")
    LicenseServerView show(@PathVariable UUID id) {
        var server = servers.find(new ServerId(id)).orElseThrow(() -> LicenseProblems.noServer(id));
        return view(server);
    }

    @Get("/{id}/features")
    @MayView
    @Operation(
            operationId = "showLicenseServerFeatures",
            summary = "Ask a license server of its own what it has and how much of it is used")
    FeatureList features(@PathVariable UUID id) {
        var server = servers.find(new ServerId(id)).orElseThrow(() -> LicenseProblems.noServer(id));
        if (server.kind() != Kind.FLEXNET) {
            throw ProblemException.conflict(
                    "license-server-native",
                    "This service counts for the license server itself",
                    server.name() + " is native.",
                    "Show the license server to see what is active on it.");
        }
        return new FeatureList(
                flexnet.machineId(server),
                flexnet.features(server).stream()
                        .map(each -> new FeatureView(each.name(), each.count(), each.used(), each.expires()))
                        .toList());
    }

    @Post("/{id}/retirement")
    @MayOperate
    @Audited("license-server.retire")
    @Operation(
            operationId = "retireLicenseServer",
            summary = "Take a license server out of service",
            description = "Refused while it holds licences: with its machine they would be lost (L17).")
    LicenseServerView retire(@PathVariable UUID id, @Body @Valid Reason body) {
        return retired(
                id, retire.retire(new ServerId(id), body.reason(), actor.get().name()));
    }

    @Post("/{id}/loss")
    @MayAdminister
    @Audited("license-server.declare-lost")
    @Operation(
            operationId = "declareLicenseServerLost",
            summary = "Declare that a license server is gone with the licences that it held",
            description =
                    "It authorises nothing any more. Its licences stay counted against their purchases until the vendor gives"
                            + " them back: open a ticket.")
    LicenseServerView declareLost(@PathVariable UUID id, @Body @Valid Reason body) {
        audit.note("reason", body.reason());
        return retired(
                id,
                retire.declareLost(new ServerId(id), body.reason(), actor.get().name()));
    }

    private LicenseServerView retired(UUID id, RetireLicenseServer.Outcome outcome) {
        return switch (outcome) {
            case RetireLicenseServer.Outcome.Retired(var server) -> view(server);
            case RetireLicenseServer.Outcome.RetiredBefore(var server) -> view(server);
            case RetireLicenseServer.Outcome.HoldsLicenses(var server, var held) ->
                throw LicenseProblems.holdsLicenses(server, held);
            case RetireLicenseServer.Outcome.ServerUnknown() -> throw LicenseProblems.noServer(id);
        };
    }

    @Get("/{id}/ticket")
    @MayView
    @Operation(
            operationId = "writeSupportTicket",
            summary = "The text of a ticket for the vendor's support, to be copied",
            description = "about: cannot-transfer-files, portal-access or licenses-lost. Nothing is sent.")
    SupportTicketView ticket(
            @PathVariable UUID id,
            @QueryValue String about,
            @Nullable @QueryValue String activationCode,
            @Nullable @QueryValue String contactName,
            @Nullable @QueryValue String contactEmail) {
        var reason = Arrays.stream(SupportTicket.About.values())
                .filter(each ->
                        each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(about))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        "there is no ticket about '" + about + "'",
                        "Use cannot-transfer-files, portal-access or licenses-lost."));
        return ticket.handle(new ServerId(id), reason, activationCode, contactName, contactEmail)
                .map(made -> new SupportTicketView(made.caseReason(), made.subject(), made.text()))
                .orElseThrow(() -> LicenseProblems.noServer(id));
    }

    private static @Nullable Management management(NewLicenseServer body) {
        boolean isFlexnet = body.kind().equals(Kind.FLEXNET.wireName());
        if (!isFlexnet) {
            if (body.baseUrl() != null || body.credential() != null || body.hostId() != null) {
                throw ProblemException.invalid(
                        "baseUrl, credential and hostId are for the kind flexnet",
                        "Leave them out, or register it with the kind flexnet.");
            }
            return null;
        }
        if (body.baseUrl() == null || body.credential() == null) {
            throw ProblemException.invalid(
                    "a flexnet license server needs baseUrl and credential",
                    "Give its base URL, as http://host:7070, and the name of its administrator's password.");
        }
        return new Management(body.baseUrl(), body.credential(), body.hostId());
    }

    private LicenseServerView view(LicenseServer server) {
        return LicenseServerView.of(
                server, pools.on(server.id()), watch.find(server.id()).orElse(null));
    }

    /**
     * @param kind {@code native}: counted by this service itself; {@code flexnet}: counts for itself, is read and driven
     * @param address where agents reach it
     * @param baseUrl of its REST API; for flexnet only, as are the next two
     * @param credential the name of its administrator's password, never the password
     * @param hostId in the inventory, to drive it over SSH; without it, it can only be read
     */
    @Introspected
    record NewLicenseServer(
            @NotBlank @Size(max = 100) String name,

            @NotBlank @Pattern(regexp = "native|flexnet", message = "must be native or flexnet")
            String kind,

            @Nullable @Size(min = 1, max = 500) String address,

            @Nullable
            @Size(max = 500)
            @Pattern(regexp = "https?://[A-Za-z0-9.\\[\\]:_-]+/?", message = "must be as http://host:7070")
            String baseUrl,

            @Nullable
            @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}", message = "must be the name of a credential")
            String credential,

            @Nullable UUID hostId) {}

    @Introspected
    record Reason(@NotBlank @Size(max = 500) String reason) {}

    @Introspected
    record SupportTicketView(String caseReason, String subject, String text) {}

    @Introspected
    record LicenseServerSummary(
            UUID licenseServerId,
            String name,
            String kind,
            @Nullable String address,
            Instant registeredAt,
            @Nullable String health,
            @Nullable Instant retiredAt) {
        static LicenseServerSummary of(LicenseServer server, ServerWatch.@Nullable Seen seen) {
            return new LicenseServerSummary(
                    server.id().value(),
                    server.name(),
                    server.kind().wireName(),
                    server.address(),
                    server.registeredAt(),
                    seen == null ? null : seen.health(),
                    server.retiredAt());
        }
    }

    /**
     * @param health {@code up}, {@code down} or {@code unknown}; null for a native one
     * @param healthCause what a person looks at first
     * @param warnings what should not stay as it is
     */
    @Introspected
    record LicenseServerView(
            UUID licenseServerId,
            String name,
            String kind,
            @Nullable String address,
            Instant registeredAt,
            @Nullable String baseUrl,
            @Nullable String credential,
            @Nullable UUID hostId,
            @Nullable String version,
            @Nullable String health,
            @Nullable String healthCause,
            @Nullable String healthNext,
            @Nullable Instant observedAt,
            @Nullable Instant retiredAt,
            boolean lost,
            List<String> warnings,
            List<ActiveLicenses> activations) {
        static LicenseServerView of(
                LicenseServer server, Map<ActivationCode, Allotment> activations, ServerWatch.@Nullable Seen seen) {
            var management = server.management();
            return new LicenseServerView(
                    server.id().value(),
                    server.name(),
                    server.kind().wireName(),
                    server.address(),
                    server.registeredAt(),
                    management == null ? null : management.baseUrl(),
                    management == null ? null : management.credential(),
                    management == null ? null : management.hostId(),
                    seen == null ? null : seen.version(),
                    seen == null ? null : seen.health(),
                    seen == null ? null : seen.cause(),
                    seen == null ? null : seen.next(),
                    seen == null ? null : seen.observedAt(),
                    server.retiredAt(),
                    server.lost(),
                    warnings(seen),
                    activations.entrySet().stream()
                            .map(held -> new ActiveLicenses(
                                    held.getKey().value(),
                                    held.getValue().total(),
                                    held.getValue().inUse(),
                                    held.getValue().returning()))
                            .toList());
        }

        private static List<String> warnings(ServerWatch.@Nullable Seen seen) {
            var warnings = new ArrayList<String>();
            if (seen != null && seen.defaultPassword()) {
                warnings.add("The administrator's password is the one of every new installation: change it at once"
                        + " (pcoip-set-password). Until then anybody can command this license server.");
            }
            if (seen != null && seen.storageCorrupted()) {
                warnings.add(
                        "Trusted storage is corrupted: it was moved or modified, and the server refuses to start.");
            }
            if (seen != null && seen.lockedUntil() != null) {
                warnings.add("Admin commands were blocked until " + seen.lockedUntil() + " after wrong passwords.");
            }
            return warnings;
        }
    }

    /** @param machineId its VM UUID */
    @Introspected
    record FeatureList(String machineId, List<FeatureView> items) {}

    @Introspected
    record FeatureView(String feature, int count, int used, String expires) {}

    @Introspected
    record ActiveLicenses(String activationCode, int total, int inUse, int returning) {}
}
