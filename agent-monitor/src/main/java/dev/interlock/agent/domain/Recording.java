package dev.interlock.agent.domain;

/** What became of a report of a validation. */
public sealed interface Recording {
    record Recorded(Agent agent) implements Recording {}

    /** The same report came before; nothing was changed. */
    record RecordedBefore(Agent agent) implements Recording {}

    /** The agent has another validation with this id. */
    record IdTaken(Validation existing) implements Recording {}

    /** Its time has not come yet, by more than clocks may differ. */
    record InFuture() implements Recording {}

    record AgentUnknown() implements Recording {}
}
