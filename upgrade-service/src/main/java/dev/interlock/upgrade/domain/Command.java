package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent;
import java.util.UUID;

/** What the shell has to do once a decision is stored. */
public sealed interface Command {
    /**
     * Carry out a step.
     *
     * @param again this attempt was begun before by somebody who did not live to tell how it ended
     */
    record Execute(String stepId, int attempt, boolean again) implements Command {}

    /** Tell the world; stored together with the decision. */
    record Announce(UpgradeEvent event) implements Command {}

    /** Tell those who watch this run only; stored together with the decision. */
    record Show(String stepId, UUID hostId, String host, String state, int attempt) implements Command {}

    /** Nothing more is wanted from this host for now. */
    record Release(UUID hostId) implements Command {}
}
