package dev.interlock.license.adapter.http;

import dev.interlock.license.app.ActivateLicenses;
import dev.interlock.license.app.ActivationRequests;
import dev.interlock.license.app.LicenseServers;
import dev.interlock.license.app.MoveLicenses;
import dev.interlock.license.app.Pools;
import dev.interlock.license.app.RegisterPool;
import dev.interlock.license.app.RegisterPool.Registration.CodeTaken;
import dev.interlock.license.app.RegisterPool.Registration.ExpiredAlready;
import dev.interlock.license.app.RegisterPool.Registration.Registered;
import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.Activation.AllottedElsewhere;
import dev.interlock.license.domain.Activation.CodeInvalid;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import dev.interlock.license.domain.Activation.ServerRetired;
import dev.interlock.license.domain.Activation.ServerUnknown;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Pool;
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
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Purchases and how they are split over servers. */
@Controller("/api/v1/pools")
@Tag(name = "pools")
class PoolsController {
    private final RegisterPool register;
    private final ActivateLicenses activate;
    private final MoveLicenses move;
    private final Pools pools;
    private final LicenseServers servers;
    private final ActivationRequests requests;
    private final Idempotency idempotency;
    private final CurrentActor actor;
    private final Clock clock;

    PoolsController(
            RegisterPool register,
            ActivateLicenses activate,
            MoveLicenses move,
            Pools pools,
            LicenseServers servers,
            ActivationRequests requests,
            Idempotency idempotency,
            CurrentActor actor,
            Clock clock) {
        this.register = register;
        this.activate = activate;
        this.move = move;
        this.pools = pools;
        this.servers = servers;
        this.requests = requests;
        this.idempotency = idempotency;
        this.actor = actor;
        this.clock = clock;
    }

    @Post
    @MayOperate
    @Audited("pool.register")
    @Operation(
            operationId = "registerPool",
            summary = "Register a purchase of session licences",
            description =
                    "The activation code is kept exactly as given, with case and dashes. Seats are the whole purchase.")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = PoolView.class)))
    HttpResponse<?> register(@Body @Valid NewPool body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var code = wellFormed(body.activationCode());
            return switch (register.handle(code, body.seats(), body.feature().strip(), body.expiresAt())) {
                case Registered(var pool) -> HttpResponse.created(view(pool), URI.create("/api/v1/pools/" + code));
                case CodeTaken() ->
                    throw ProblemException.conflict(
                            "activation-code-taken",
                            "The purchase is registered already",
                            "There is a pool with the activation code " + code + ".",
                            "Use that pool; a further purchase has a code of its own.");
                case ExpiredAlready() ->
                    throw ProblemException.invalid(
                            "expiresAt is " + body.expiresAt() + ", which has passed",
                            "Give the time at which the purchase ends, in the future.");
            };
        });
    }

    @Get
    @MayView
    @Operation(operationId = "listPools", summary = "List pools by activation code")
    Page<PoolView> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 1);
        @Nullable ActivationCode from = null;
        if (cursor != null) {
            from = wellFormed(cursor.text(0));
        }
        var page = Page.of(
                pools.page(from, size + 1), size, pool -> Cursor.of(pool.code().value()));
        var context = context(page.items());
        return page.map(pool -> view(pool, context));
    }

    @Get("/{code}")
    @MayView
    @Operation(operationId = "showPool", summary = "Show a pool, with what each server holds of it")
    PoolView show(@PathVariable String code) {
        var exact = wellFormed(code);
        return view(pools.find(exact).orElseThrow(() -> {
            var similar = pools.similar(exact.likeness()).map(ActivationCode::value);
            return LicenseProblems.codeInvalid(code, new CodeInvalid(similar.orElse(null)));
        }));
    }

    @Post("/{code}/moves")
    @MayOperate
    @Audited("pool.move")
    @Operation(
            operationId = "moveLicenses",
            summary = "Move all licences of a pool from one server to another",
            description =
                    "All are returned at the origin, then exactly as many more are activated at the destination (L19). Where an"
                            + " authority allots them, each of the two is a request of its own: call this again after each answer was"
                            + " applied; it says what is to be done next.")
    MoveView move(@PathVariable String code, @Body @Valid NewMove body) {
        var exact = wellFormed(code);
        var outcome = move.handle(
                exact,
                new ServerId(body.from()),
                new ServerId(body.to()),
                actor.get().name());
        return switch (outcome) {
            case MoveLicenses.Outcome.Moved(var count, var total) ->
                new MoveView(code, body.from(), body.to(), "moved", count, total, null, "Nothing is left to be done.");
            case MoveLicenses.Outcome.ReturnFirst(var count, var request) ->
                new MoveView(
                        code,
                        body.from(),
                        body.to(),
                        "returning",
                        count,
                        null,
                        request,
                        "Carry the request to the authority, upload and apply its answer; then call this again.");
            case MoveLicenses.Outcome.ActivateNow(var count, var request) ->
                new MoveView(
                        code,
                        body.from(),
                        body.to(),
                        "activating",
                        count,
                        null,
                        request,
                        "Carry the request to the authority, upload and apply its answer; then call this again.");
            case MoveLicenses.Outcome.NothingToMove() ->
                throw ProblemException.conflict(
                        "nothing-to-move",
                        "There is nothing to move",
                        "The origin holds no licences of " + code + ", and no move of them is under way.",
                        "Show the pool to see which server holds licences of it.");
            case MoveLicenses.Outcome.SameServer() ->
                throw ProblemException.invalid("from and to are the same server", "Name two different servers.");
            case MoveLicenses.Outcome.Refused(var refusal) -> throw refused(code, body.to(), refusal);
            case MoveLicenses.Outcome.RequestRefused(var why) ->
                throw ProblemException.conflict(
                        "move-refused", "The licences cannot be moved now", why, "Mend that, then call this again.");
        };
    }

    @Put("/{code}/activations/{serverId}")
    @MayOperate
    @Audited("pool.activate")
    @Operation(
            operationId = "activateLicenses",
            summary = "Set how many licences of a pool are active on a server",
            description =
                    "The total, not an addition: 5 and then 10 makes 10. A lower total returns the difference, 0 returns"
                            + " all. Sent twice it changes nothing.")
    ActivationView activate(@PathVariable String code, @PathVariable UUID serverId, @Body @Valid LicenseTotal body) {
        var exact = wellFormed(code);
        Activation outcome = activate.handle(
                exact, new ServerId(serverId), body.total(), actor.get().name());
        return switch (outcome) {
            case Activated(var pool, var total, var change) ->
                new ActivationView(code, serverId, total, change, pool.seats(), pool.available());
            case CountExceeded _,
                    PoolHasExpired _,
                    LicensesInUse _,
                    CodeInvalid _,
                    ServerUnknown _,
                    ServerRetired _,
                    AllottedElsewhere _ -> throw refused(code, serverId, outcome);
        };
    }

    private static ProblemException refused(String code, UUID serverId, Activation outcome) {
        return switch (outcome) {
            case Activated _ -> throw new IllegalArgumentException("not a refusal");
            case CountExceeded exceeded -> LicenseProblems.countExceeded(code, exceeded);
            case PoolHasExpired expired -> LicenseProblems.poolExpired(code, expired);
            case LicensesInUse inUse -> LicenseProblems.licensesInUse(code, inUse);
            case CodeInvalid invalid -> LicenseProblems.codeInvalid(code, invalid);
            case ServerUnknown() -> LicenseProblems.noServer(serverId);
            case ServerRetired(var name) -> LicenseProblems.serverRetired(name);
            case AllottedElsewhere(var by) -> LicenseProblems.allottedElsewhere(code, by);
        };
    }

    private static ActivationCode wellFormed(String code) {
        if (!ActivationCode.isWellFormed(code)) {
            throw LicenseProblems.codeInvalid(
                    code.length() > ActivationCode.LONGEST ? "(too long)" : code, new CodeInvalid(null));
        }
        return new ActivationCode(code);
    }

    /** What is known of pools beyond themselves. */
    private record Context(Map<ServerId, LicenseServer> servers, Map<ActivationCode, Integer> askedFor) {}

    private Context context(List<Pool> of) {
        var holders =
                of.stream().flatMap(pool -> pool.allotments().keySet().stream()).collect(Collectors.toSet());
        return new Context(
                servers.all(holders),
                requests.askedFor(of.stream().map(Pool::code).toList()));
    }

    private PoolView view(Pool pool) {
        return view(pool, context(List.of(pool)));
    }

    private PoolView view(Pool pool, Context context) {
        int asked = context.askedFor().getOrDefault(pool.code(), 0);
        int returning = pool.allotments().values().stream()
                .mapToInt(Allotment::returning)
                .sum();
        return new PoolView(
                pool.code().value(),
                pool.seats(),
                pool.activeTotal(),
                pool.inUse(),
                pool.available(),
                pool.feature(),
                pool.expiresAt(),
                pool.isExpired(clock.instant()),
                pool.authority(),
                new InTransit(asked, returning),
                pool.allotments().entrySet().stream()
                        .map(held -> held(
                                held.getKey(),
                                held.getValue(),
                                context.servers().get(held.getKey())))
                        .sorted(Comparator.comparing(PoolShare::licenseServerId))
                        .toList());
    }

    private static PoolShare held(ServerId id, Allotment allotment, @Nullable LicenseServer server) {
        return new PoolShare(
                id.value(),
                server == null ? id.value().toString() : server.name(),
                server != null && server.lost(),
                allotment.total(),
                allotment.inUse(),
                allotment.returning());
    }

    /**
     * @param activationCode exactly as received (L13)
     * @param seats of the whole purchase (L10)
     * @param expiresAt no session is authorised from this instant on (L18)
     */
    @Introspected
    record NewPool(
            @NotBlank
            @Pattern(
                    regexp = "[A-Za-z0-9][A-Za-z0-9-]{0,63}|[A-Za-z0-9]{12}@[A-Za-z0-9]{4}(-[A-Za-z0-9]{4}){1,9}",
                    message = "must be 1 to 64 letters, digits and dashes")
            String activationCode,

            @NotNull @Min(1) @Max(Pool.LARGEST) Integer seats,
            @NotBlank @Size(max = 100) String feature,
            @NotNull Instant expiresAt) {}

    @Introspected
    record NewMove(@NotNull UUID from, @NotNull UUID to) {}

    /**
     * @param state {@code moved}; {@code returning} or {@code activating} while a request is under way
     * @param count of licences that move
     * @param total then active at the destination; null until then
     * @param requestId of the request that is to be carried now
     */
    @Introspected
    record MoveView(
            String activationCode,
            UUID from,
            UUID to,
            String state,
            int count,
            @Nullable Integer total,
            @Nullable UUID requestId,
            String next) {}

    /** @param total always explicit (L16); the whole, not an addition (L14) */
    @Introspected
    record LicenseTotal(@NotNull @PositiveOrZero Integer total) {}

    /**
     * @param active on all servers together
     * @param inUse by sessions, on all servers together
     * @param available seats that no server holds
     * @param authority whose signed answers allot it; null when this service itself does
     */
    @Introspected
    record PoolView(
            String activationCode,
            int seats,
            int active,
            int inUse,
            int available,
            String feature,
            Instant expiresAt,
            boolean expired,
            @Nullable String authority,
            InTransit inTransit,
            List<PoolShare> activations) {}

    /**
     * What files on their way will change, once their answers are applied.
     *
     * @param asked how many of the available licences servers ask for
     * @param returning how many of the available ones the authority has yet to confirm as returned
     */
    @Introspected
    record InTransit(int asked, int returning) {}

    /**
     * @param lost the server is gone; what it held stays counted until the vendor gives it back (L17)
     * @param returning of the total: asked back, usable no more, not yet confirmed by the authority
     */
    @Introspected
    record PoolShare(UUID licenseServerId, String licenseServer, boolean lost, int total, int inUse, int returning) {}

    /**
     * @param total now active on the server
     * @param change negative when licences were returned, 0 when the total was this already
     * @param available seats of the purchase that no server holds now
     */
    @Introspected
    record ActivationView(
            String activationCode, UUID licenseServerId, int total, int change, int seats, int available) {}
}
