package dev.interlock.platform.ssh;

import org.jspecify.annotations.Nullable;

/** An SSH connection or command failed for the {@link #reason}. The message is a sentence for an operator, without secrets. */
public final class SshException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient SshTarget target;
    private final transient SshFailure reason;

    public SshException(SshTarget target, SshFailure reason, @Nullable Throwable cause) {
        super(target.user() + "@" + target.address() + ":" + target.port() + ": " + reason.sentence(), cause);
        this.target = target;
        this.reason = reason;
    }

    public SshTarget target() {
        return target;
    }

    public SshFailure reason() {
        return reason;
    }
}
