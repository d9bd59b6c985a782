package dev.interlock.agent.app.broken;

import dev.interlock.license.adapter.broken.Adapter;

/** Breaks: services do not know each other. */
record KnowsAnotherService(Adapter theirs) {}
