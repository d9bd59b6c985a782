package dev.interlock.license.app;

import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.ActivationRequest.State;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Moves all licences of a purchase from one server to another: all are returned at the origin first, then exactly as many more are
 * activated at the destination (L19). What an authority allots moves in two requests, each carried and answered; then this is
 * called once for each step, and the count that was returned is remembered in between.
 */
@Singleton
public class MoveLicenses {
    private final Pools pools;
    private final ActivateLicenses activate;
    private final RequestActivation request;
    private final ActivationRequests requests;
    private final Moves moves;

    MoveLicenses(
            Pools pools,
            ActivateLicenses activate,
            RequestActivation request,
            ActivationRequests requests,
            Moves moves) {
        this.pools = pools;
        this.activate = activate;
        this.request = request;
        this.requests = requests;
        this.moves = moves;
    }

    @Transactional
    public Outcome handle(ActivationCode code, ServerId from, ServerId to, String by) {
        if (from.equals(to)) {
            return new Outcome.SameServer();
        }
        var pool = pools.findForActivation(code).orElse(null);
        if (pool == null) {
            var similar = pools.similar(code.likeness()).map(ActivationCode::value);
            return new Outcome.Refused(new Activation.CodeInvalid(similar.orElse(null)));
        }
        return pool.authority() == null ? here(pool, from, to, by) : byRequest(pool, from, to, by);
    }

    /** Both in one transaction: a refusal at the destination leaves the origin as it was. */
    private Outcome here(Pool pool, ServerId from, ServerId to, String by) {
        int count = pool.on(from).total();
        if (count == 0) {
            return new Outcome.NothingToMove();
        }
        var returned = activate.handle(pool.code(), from, 0, by);
        if (!(returned instanceof Activated)) {
            return new Outcome.Refused(returned);
        }
        var activated = activate.handle(pool.code(), to, pool.on(to).total() + count, by);
        return activated instanceof Activated(var _, var total, var _)
                ? new Outcome.Moved(count, total)
                : new Outcome.Refused(activated);
    }

    private Outcome byRequest(Pool pool, ServerId from, ServerId to, String by) {
        var code = pool.code();
        var move = moves.underWay(code, from, to).orElse(null);
        if (move == null) {
            int count = pool.on(from).usable();
            if (count == 0) {
                return new Outcome.NothingToMove();
            }
            return switch (request.handle(from, code, 0, by)) {
                case RequestActivation.Outcome.Made(var made) -> {
                    moves.begin(made.id(), code, from, to, count, pool.on(to).usable() + count);
                    yield new Outcome.ReturnFirst(count, made.id());
                }
                case RequestActivation.Outcome other -> new Outcome.RequestRefused(sentence(other));
            };
        }
        var returning = requests.find(move.returning()).orElseThrow();
        if (returning.state() != State.APPLIED) {
            if (returning.state() == State.SUPERSEDED) {
                moves.end(move.returning());
                return new Outcome.RequestRefused(
                        "The request to return the licences was superseded; the move is given up.");
            }
            return new Outcome.ReturnFirst(move.count(), returning.id());
        }
        if (move.activating() == null) {
            return activating(code, to, move, by);
        }
        ActivationRequest activating = requests.find(move.activating()).orElseThrow();
        return switch (activating.state()) {
            case APPLIED -> {
                moves.end(move.returning());
                yield new Outcome.Moved(move.count(), pool.on(to).total());
            }
            case SUPERSEDED -> activating(code, to, move, by);
            case OPEN, ANSWERED, APPLYING -> new Outcome.ActivateNow(move.count(), activating.id());
        };
    }

    private Outcome activating(ActivationCode code, ServerId to, Moves.Move move, String by) {
        return switch (request.handle(to, code, move.totalThere(), by)) {
            case RequestActivation.Outcome.Made(var made) -> {
                moves.activating(move.returning(), made.id());
                yield new Outcome.ActivateNow(move.count(), made.id());
            }
            case RequestActivation.Outcome other -> new Outcome.RequestRefused(sentence(other));
        };
    }

    private static String sentence(RequestActivation.Outcome refused) {
        return switch (refused) {
            case RequestActivation.Outcome.Made _ -> "made";
            case RequestActivation.Outcome.CountExceeded(var asked, var available, var _) ->
                "A total of " + asked + " would be needed, but " + available + " are available.";
            case RequestActivation.Outcome.PoolHasExpired(var since) -> "The purchase expired at " + since + ".";
            case RequestActivation.Outcome.LicensesInUse(var _, var inUse) ->
                inUse + " sessions hold licences at the origin.";
            case RequestActivation.Outcome.CodeInvalid _ -> "There is no such purchase.";
            case RequestActivation.Outcome.ServerUnknown() -> "One of the two servers is not known.";
            case RequestActivation.Outcome.ServerRetired(var name) -> name + " is out of service.";
            case RequestActivation.Outcome.AllottedHere(var active) -> active + " licences were activated directly.";
            case RequestActivation.Outcome.BeingApplied _ -> "Another answer is just being applied there.";
        };
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** @param total now active at the destination */
        record Moved(int count, int total) implements Outcome {}

        /** The request to return all has to be carried, answered and applied. */
        record ReturnFirst(int count, UUID request) implements Outcome {}

        /** All are returned; the request to activate as many has to be carried, answered and applied. */
        record ActivateNow(int count, UUID request) implements Outcome {}

        record NothingToMove() implements Outcome {}

        record SameServer() implements Outcome {}

        record Refused(Activation refusal) implements Outcome {}

        record RequestRefused(String why) implements Outcome {}
    }
}
