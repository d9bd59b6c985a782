package dev.interlock.license.app.broken;

import java.time.Instant;

/** Breaks: the time comes from the clock bean. */
final class AsksTheMachineForTheTime {
    private AsksTheMachineForTheTime() {}

    static Instant time() {
        return Instant.now();
    }
}
