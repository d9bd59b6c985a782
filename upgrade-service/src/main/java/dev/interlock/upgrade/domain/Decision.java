package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Procedure.Reason;
import java.util.List;

/** What a fact means for a run. */
public sealed interface Decision {
    /** @param commands in the order in which they are to be carried out */
    record Decided(Run run, List<Command> commands) implements Decision {
        public Decided {
            commands = List.copyOf(commands);
        }
    }

    /** A person asked for what cannot be done now; the run stays as it is. */
    record Refused(Reason reason) implements Decision {}
}
