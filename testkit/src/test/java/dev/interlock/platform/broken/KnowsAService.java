package dev.interlock.platform.broken;

import dev.interlock.license.adapter.broken.Adapter;

/** Breaks: the platform knows no service. */
record KnowsAService(Adapter service) {}
