package dev.interlock.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent stands with its license server now: who wants to take the server away learns from it who is covered until
 * when, and who would be refused (L37, L38).
 *
 * @param hostId of the machine in the inventory, null if unknown
 * @param version null until the agent has told it
 * @param everLicensed whether a validation ever succeeded; without one there is no grace and users are refused at once (L34)
 * @param lastSuccessAt of the latest successful validation
 * @param graceStartedAt the first failed validation since then; null while none failed, and without an earlier success
 * @param graceEndsAt 7 days later: until then users notice nothing (L33)
 * @param expired whether it has been told that the grace is over and no validation has succeeded since; who reads later than
 *     {@code graceEndsAt} takes it as over in any case
 */
public record AgentState(
        UUID agentId,
        String name,
        UUID licenseServerId,
        @Nullable UUID hostId,
        @Nullable String version,
        boolean everLicensed,
        @Nullable Instant lastSuccessAt,
        @Nullable Instant graceStartedAt,
        @Nullable Instant graceEndsAt,
        boolean expired)
        implements StateRecord {

    @Override
    public String key() {
        return agentId.toString();
    }

    @Override
    public Channel channel() {
        return Channel.AGENT_AGENTS;
    }
}
