package dev.interlock.platform.audit;

/** For commands that want to say more, and for actions that no request caused. */
public interface AuditLog {

    /**
     * Adds a detail to the line of the audited command that this thread is in; ignored outside one.
     *
     * @param name lower-case words with hyphens; names that smell of a secret (password, token, key …) are refused with an
     *     IllegalArgumentException
     * @param value cut to 500 characters; never a secret
     */
    void note(String name, String value);

    /** Appends a line in the current transaction, or in one of its own if there is none. */
    void append(AuditEntry entry);
}
