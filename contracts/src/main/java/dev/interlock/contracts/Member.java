package dev.interlock.contracts;

import java.util.UUID;

/**
 * A host's place in a deployment.
 *
 * @param role what the host does there, in the product's words: {@code node}, {@code server}, {@code load-balancer},
 *     {@code console}, {@code database}
 */
public record Member(UUID hostId, String role) {}
