package dev.interlock.lab.ssh;

import dev.interlock.lab.machine.Machine;
import java.security.KeyPair;

/** What the SSH server must know of a host. */
public interface SshHost {
    Machine machine();

    /** The key now presented, which a fault may change. */
    KeyPair hostKey();

    void started(String commandId, String script);

    void answering(String commandId, int exit);

    void answered(String commandId, int exit);

    String nextCommandId();
}
