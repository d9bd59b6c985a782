package dev.interlock.license.domain;

/** A server's licences over all its pools: {@code active} and {@code inUse} of valid ones, {@code expired} of the others. */
public record LicenseCounts(int active, int inUse, int expired) {}
