package dev.interlock.upgrade.domain;

/**
 * Why a step did not do what it is for.
 *
 * @param reason short and stable, for instance {@code disk-full}
 * @param sentence what happened, for a person
 * @param next what a person should do
 */
public record Failure(String reason, String sentence, String next) {}
