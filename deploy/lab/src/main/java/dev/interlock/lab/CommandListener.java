package dev.interlock.lab;

import dev.interlock.lab.machine.Effect;

/** Is told what a command does, when it does it; may block, and may end the controller's process at exactly that point. */
@FunctionalInterface
public interface CommandListener {
    void on(Moment moment);

    /** A point in a command's life. {@code commandId} is {@code <host>#<n>}; a detached job keeps its command's. */
    sealed interface Moment {
        String host();

        String commandId();

        /** The command arrived; nothing of it has run. */
        record Started(String host, String commandId, String script) implements Moment {}

        /** Something is about to change. */
        record EffectDue(Effect effect) implements Moment {
            @Override
            public String host() {
                return effect.host();
            }

            @Override
            public String commandId() {
                return effect.commandId();
            }
        }

        /** It changed. */
        record EffectDone(Effect effect) implements Moment {
            @Override
            public String host() {
                return effect.host();
            }

            @Override
            public String commandId() {
                return effect.commandId();
            }
        }

        /** All has run, the exit status is not yet sent. */
        record Answering(String host, String commandId, int exit) implements Moment {}

        /** The exit status is sent. */
        record Answered(String host, String commandId, int exit) implements Moment {}
    }
}
