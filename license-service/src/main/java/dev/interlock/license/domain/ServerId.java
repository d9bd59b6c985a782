package dev.interlock.license.domain;

import java.util.UUID;

/** Names one license server. */
public record ServerId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
