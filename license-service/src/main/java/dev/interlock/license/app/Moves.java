package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ServerId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Moves that are under way: how many licences were asked back, so that exactly as many are activated elsewhere. */
public interface Moves {
    /**
     * @param returning the request that returns all at the origin; it names the move
     * @param totalThere to be active at the destination then
     * @param activating the request at the destination; null before it is made
     */
    record Move(
            UUID returning,
            int count,
            int totalThere,
            @Nullable UUID activating) {}

    void begin(UUID returning, ActivationCode code, ServerId from, ServerId to, int count, int totalThere);

    Optional<Move> underWay(ActivationCode code, ServerId from, ServerId to);

    void activating(UUID returning, UUID activating);

    void end(UUID returning);
}
