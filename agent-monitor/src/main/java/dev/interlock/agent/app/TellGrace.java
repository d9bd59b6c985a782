package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.GraceStory;
import dev.interlock.agent.domain.GraceStory.Line;
import dev.interlock.agent.domain.GraceStory.Opening;
import dev.interlock.agent.domain.GraceStory.Told;
import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import dev.interlock.contracts.AgentEvent.GracePeriodEnded;
import dev.interlock.contracts.AgentEvent.GracePeriodEnding;
import dev.interlock.contracts.AgentEvent.GracePeriodExpired;
import dev.interlock.contracts.AgentEvent.GracePeriodStarted;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells what is new in the story of an agent's grace, and writes it down with it. The caller holds the agent's row. */
@Singleton
class TellGrace {
    private final GraceLedger ledger;
    private final Outbox outbox;
    private final AnnounceAgent announce;
    private final AgentSettings settings;

    TellGrace(GraceLedger ledger, Outbox outbox, AnnounceAgent announce, AgentSettings settings) {
        this.ledger = ledger;
        this.outbox = outbox;
        this.announce = announce;
        this.settings = settings;
    }

    void tell(Agent agent, Standing standing, Instant now) {
        var told = ledger.told(agent.id()).orElse(null);
        boolean expired = false;
        if (told != null || standing instanceof Standing.Failing) {
            expired = tell(agent, told, standing, now);
        }
        if (!standing.equals(agent.standing()) || expired != (told != null && told.expired())) {
            announce.state(agent.withStanding(standing), expired);
        }
    }

    /** @return whether it is told that the present period is over */
    private boolean tell(Agent agent, @Nullable Told told, Standing standing, Instant now) {
        var next = GraceStory.tell(told, standing, settings.notices(), now);
        if (told != null && (next.told() == null || !next.told().opening().equals(told.opening()))) {
            ledger.close(agent.id(), endedAt(next));
        }
        for (Line line : next.lines()) {
            var id = idOf(agent.id(), line.opening());
            switch (line) {
                case Line.Started(var opening, var firstFailure) -> {
                    if (told == null || !told.opening().equals(opening)) {
                        ledger.open(id, agent, opening, firstFailure);
                    }
                    outbox.add(new GracePeriodStarted(
                            id,
                            agent.id(),
                            agent.licenseServerId(),
                            firstFailure.at(),
                            endOf(firstFailure),
                            reasonOf(firstFailure)));
                }
                case Line.Ending(var _, var firstFailure, var notice) ->
                    outbox.add(new GracePeriodEnding(
                            id,
                            agent.id(),
                            agent.licenseServerId(),
                            firstFailure.at(),
                            endOf(firstFailure),
                            Math.max(
                                    0,
                                    Duration.between(now, endOf(firstFailure)).toSeconds()),
                            reasonOf(firstFailure),
                            wholeHours(notice)));
                case Line.Expired(var _, var firstFailure) ->
                    outbox.add(new GracePeriodExpired(
                            id,
                            agent.id(),
                            agent.licenseServerId(),
                            firstFailure.at(),
                            endOf(firstFailure),
                            reasonOf(firstFailure)));
                case Line.Ended(var _, var firstFailure, var reset) ->
                    outbox.add(new GracePeriodEnded(
                            id, agent.id(), agent.licenseServerId(), firstFailure.at(), reset.at(), reset.id()));
            }
        }
        if (next.told() != null) {
            ledger.write(agent.id(), next.told(), next.wakeAt());
        }
        return next.told() != null && next.told().expired();
    }

    /** The same period has the same id wherever and whenever it is told. */
    static UUID idOf(UUID agentId, Opening opening) {
        return UUID.nameUUIDFromBytes((agentId + "\n" + opening.lastLicensed() + "\n" + opening.firstFailure())
                .getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable Instant endedAt(GraceStory.Next next) {
        return next.lines().stream()
                .filter(Line.Ended.class::isInstance)
                .map(Line.Ended.class::cast)
                .map(ended -> ended.reset().at())
                .findFirst()
                .orElse(null);
    }

    /** Null for a notice that is set to something else than whole hours. */
    private static @Nullable Integer wholeHours(Duration notice) {
        return notice.equals(Duration.ofHours(notice.toHours())) ? Math.toIntExact(notice.toHours()) : null;
    }

    private static Instant endOf(Validation firstFailure) {
        return firstFailure.at().plus(GracePeriod.LENGTH);
    }

    private static String reasonOf(Validation failure) {
        return Objects.requireNonNull(failure.reason());
    }
}
