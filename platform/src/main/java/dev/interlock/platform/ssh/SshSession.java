package dev.interlock.platform.ssh;

import java.time.Duration;

/**
 * One authenticated connection. Safe for use by several threads: commands run side by side, at most {@code channels} of
 * {@link SshSettings} at once (sshd allows 10), further ones wait.
 */
public interface SshSession extends AutoCloseable {

    /** Runs with the settings' limit for output and nothing on standard input. */
    default CommandResult run(String script, Duration total) {
        return run(script, total, Output.NONE);
    }

    /**
     * Runs a POSIX sh script on the host as {@code exec}; the login shell of the user hands it to {@code /bin/sh}, so any login
     * shell will do. A script of more than 60,000 bytes goes by standard input to {@code sh -s} instead. Either way the script
     * itself finds an empty standard input.
     *
     * @param total from asking for the channel to the exit status; after it the channel is killed
     * @param live sees output as it arrives, on the thread that calls {@code run}
     * @return also for a command that fails: a non-zero exit is an answer, not an exception. 255 means that the host reported a
     *     signal or no status at all
     * @throws SshException {@link SshFailure.TimedOut} after the total, {@link SshFailure.ConnectionLost} when the connection
     *     breaks: the command may then have run, partly or wholly
     */
    CommandResult run(String script, Duration total, Output live);

    SshTarget target();

    /** False once the connection is known to be gone; true does not promise that the next command gets through. */
    boolean alive();

    /** Never throws; running commands end with {@link SshFailure.ConnectionLost}. */
    @Override
    void close();

    /** Sees output as it comes. */
    interface Output {
        Output NONE = new Output() {};

        /** @param text a piece of standard output, cut at any place */
        default void out(String text) {}
    }
}
