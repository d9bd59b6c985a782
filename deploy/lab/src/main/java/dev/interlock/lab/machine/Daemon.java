package dev.interlock.lab.machine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a unit's program is like, when it is more than a process that is up or not. */
public interface Daemon {
    /** Whose processes {@code pkill -u} finds. */
    String user();

    /** Why it exits as soon as it is started, or null when it comes up. */
    default @Nullable String refusal() {
        return null;
    }

    /** Whether it ends when it is told to; otherwise it must be killed. */
    default boolean stops() {
        return true;
    }

    default void started() {}

    /** Also when it was killed or the power went. */
    default void stopped() {}

    /** Its processes were killed. */
    default void killed() {}

    /** From being active until its ports answer. */
    default Duration listens(Duration usual) {
        return usual;
    }
}
