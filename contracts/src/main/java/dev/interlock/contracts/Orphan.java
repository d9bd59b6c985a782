package dev.interlock.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registration that is none of a deployment's members (G2).
 *
 * @param orphanId the product's own id of the registration
 * @param registeredName under which the product knows it
 * @param foundAt when it was first found
 */
public record Orphan(
        String orphanId,

        @OneOf({"server", "load-balancer", "console", "node"})
        String kind,

        String registeredName,
        @Nullable String registeredAddress,
        Instant foundAt) {}
