package dev.interlock.license.app;

import dev.interlock.license.domain.ServerId;
import java.security.KeyPair;

/** What a native license server signs its requests with. */
public interface ServerIdentities {
    /**
     * @param machineId the VM UUID to which answers are bound (L25)
     * @param keys Ed25519; the private one never leaves the service
     * @param sequence of the request that is being made
     */
    record Identity(String machineId, KeyPair keys, long sequence) {}

    /** The VM UUID of a server; made when it is asked for the first time. */
    String machineId(ServerId server);

    /** The identity for one more request. */
    Identity next(ServerId server);
}
