package dev.interlock.license.adapter.broken;

/** Breaks nothing by itself. */
public record Adapter(String name) {}
