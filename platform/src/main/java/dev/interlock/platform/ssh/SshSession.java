package dev.interlock.platform.ssh;

import dev.interlock.platform.credentials.Secret;
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
     * Runs a POSIX sh script on the host. The script itself is the command of an SSH {@code exec} request, so nothing is quoted and
     * the login shell of the user interprets it, which has to be a POSIX one (sh, dash, bash, ksh). A script of more than 60,000
     * bytes, near the limit of a packet, goes by standard input instead and is evaluated by the same shell. Either way the script
     * finds an empty standard input, no terminal and the environment that sshd gives; bash as login shell reads {@code ~/.bashrc}
     * first, so that file should be quick. Never put a secret into a script: the host's process list shows it.
     *
     * @param total from asking for the channel to the exit status; after it the channel is killed
     * @param live sees output as it arrives, on the thread that calls {@code run}
     * @return also for a command that fails: a non-zero exit is an answer, not an exception. 255 means that the host reported a
     *     signal or no status at all
     * @throws SshException {@link SshFailure.TimedOut} after the total, {@link SshFailure.ConnectionLost} when the connection
     *     breaks: the command may then have run, partly or wholly
     */
    CommandResult run(String script, Duration total, Output live);

    /**
     * Runs a script that reads a secret, as one line, from its standard input: so it is in no process list and no log. The script
     * must be at most 60,000 bytes long, and the secret one line.
     *
     * @throws IllegalArgumentException when either is not so
     */
    CommandResult run(String script, Secret input, Duration total);

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
