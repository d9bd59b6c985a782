package dev.interlock.platform.ssh;

/**
 * Opens SSH connections within the limits of {@link SshSettings}: so many in all, so many to one host; who comes later waits in
 * line, not longer than the queue time-out. Blocks; call it from a virtual thread.
 */
public interface SshConnections {

    /**
     * Connects, checks the pinned host key, authenticates. Close the session, always.
     *
     * @throws SshException with the reason; a failed open leaves nothing behind
     * @throws dev.interlock.platform.credentials.CredentialException when the target's credential cannot be used
     */
    SshSession open(SshTarget target);
}
