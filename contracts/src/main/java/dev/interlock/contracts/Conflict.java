package dev.interlock.contracts;

/**
 * Products on one host that must not be there together.
 *
 * @param detail what was found, in one sentence
 * @param next what to do, in one sentence
 * @param clause of REQUIREMENTS, for example {@code L5}
 */
public record Conflict(
        @OneOf({"license-servers-on-one-machine"}) String rule, String detail, String next, String clause) {}
