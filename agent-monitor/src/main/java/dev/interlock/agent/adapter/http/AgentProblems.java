package dev.interlock.agent.adapter.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import java.util.UUID;

/** The refusals of this service, in words a person can act on. */
final class AgentProblems {
    private AgentProblems() {}

    static ProblemException noAgent(UUID id) {
        return ProblemException.notFound("agent", id);
    }

    static ProblemException agentIdTaken(UUID id) {
        return ProblemException.conflict(
                "agent-id-taken",
                "The agent is registered already",
                "There is an agent " + id + ".",
                "Use that one, or leave agentId out to get a new one.");
    }

    static ProblemException validationIdTaken(String id) {
        return Problem.of("validation-id-taken", 422, "The validation id is taken")
                .detail("The agent has another validation with the id " + id + ".")
                .next("Give each validation an id of its own; send the same content to repeat a report.")
                .exception();
    }

    static ProblemException logTooLong(int most) {
        return Problem.of("log-too-long", 413, "The log is too long")
                .detail("At most " + most + " characters are read at once.")
                .next("Send it in parts; parts may overlap, each line counts once.")
                .exception();
    }

    static ProblemException inFuture() {
        return ProblemException.invalid(
                "the validation's time is in the future",
                "Check the clock of the reporting machine, and send times in UTC.");
    }
}
