package dev.interlock.inventory.domain;

import java.util.UUID;

/** A host's place in a deployment. */
public record Membership(UUID hostId, String role) {}
