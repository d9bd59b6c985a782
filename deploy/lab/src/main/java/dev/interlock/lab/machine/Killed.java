package dev.interlock.lab.machine;

/** Unwinds the thread of a process that was killed, or whose machine lost power. */
public final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Killed() {
        super("killed", null, false, false);
    }

    public Killed(InterruptedException cause) {
        super("killed", cause, false, false);
    }
}
