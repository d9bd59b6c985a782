package dev.interlock.agent.app;

import dev.interlock.agent.domain.Recording;
import dev.interlock.agent.domain.Validation;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Takes what an agent wrote of its license as validations, each in its own transaction: sent again, the rest is made good. */
@Singleton
public class ReadAgentLog {
    private final RecordValidation record;

    ReadAgentLog(RecordValidation record) {
        this.record = record;
    }

    /**
     * @param recorded new
     * @param recordedBefore known by the same line
     * @param inFuture later than clocks may differ
     */
    public record Taken(int recorded, int recordedBefore, List<Validation> inFuture) {}

    public Taken handle(UUID agentId, List<Validation> validations) {
        int recorded = 0;
        int before = 0;
        var inFuture = new ArrayList<Validation>();
        for (var validation : validations) {
            switch (record.handle(agentId, validation)) {
                case Recording.Recorded(var _) -> recorded++;
                case Recording.RecordedBefore(var _) -> before++;
                // one line has one identity; another content under it would be another line
                case Recording.IdTaken(var _) -> before++;
                case Recording.InFuture() -> inFuture.add(validation);
                case Recording.AgentUnknown() -> throw new IllegalStateException("agents are not deleted");
            }
        }
        return new Taken(recorded, before, List.copyOf(inFuture));
    }
}
