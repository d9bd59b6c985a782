package dev.interlock.license.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a request to set how many licences of a pool are active on a server. */
public sealed interface Activation {
    /** The total is set; {@code change} is negative for a return and 0 when the total was that already. */
    record Activated(Pool pool, int total, int change) implements Activation {}

    /** Held by other servers, or more than the code has: {@code available} is the highest total possible here (L31). */
    record CountExceeded(int requested, int available, int seats) implements Activation {}

    /** No more of an expired purchase can be activated (L18). */
    record PoolHasExpired(Instant since) implements Activation {}

    /** The total is below what sessions hold on this server. */
    record LicensesInUse(int requested, int inUse) implements Activation {}

    /** No purchase has exactly this code (L32); {@code similar} differs from it in case or dashes only (L13). */
    record CodeInvalid(@Nullable String similar) implements Activation {}

    record ServerUnknown() implements Activation {}

    record ServerRetired(String name) implements Activation {}

    /** An authority or the vendor allots these licences: it has to be asked by a request file (L20, L21). */
    record AllottedElsewhere(String by) implements Activation {}
}
