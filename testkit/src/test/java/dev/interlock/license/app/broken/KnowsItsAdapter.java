package dev.interlock.license.app.broken;

import dev.interlock.license.adapter.broken.Adapter;

/** Breaks: dependencies point inward. */
public record KnowsItsAdapter(Adapter outer) {}
