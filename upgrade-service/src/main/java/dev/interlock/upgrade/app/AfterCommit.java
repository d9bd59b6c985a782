package dev.interlock.upgrade.app;

/** For what must not be done before others can see it. */
public interface AfterCommit {
    /** Runs the work once the current transaction has committed, never if it does not; at once outside a transaction. */
    void then(Runnable work);
}
