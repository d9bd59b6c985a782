package dev.interlock.platform.ssh;

import java.time.Duration;

/**
 * What a command answered.
 *
 * @param exit exit status; 255 when the host reported a signal or no status
 * @param out standard output as UTF-8, at most the limit of {@link SshSettings}; what came after it was read and dropped
 * @param err the same of standard error
 * @param truncated whether either was cut
 * @param took from asking for the channel to the exit status
 */
public record CommandResult(int exit, String out, String err, boolean truncated, Duration took) {

    public boolean ok() {
        return exit == 0;
    }
}
