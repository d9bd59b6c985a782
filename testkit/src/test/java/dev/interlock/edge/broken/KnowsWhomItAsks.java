package dev.interlock.edge.broken;

import dev.interlock.license.adapter.broken.Adapter;

/** Breaks: the edge knows no service and no event. */
record KnowsWhomItAsks(Adapter service) {}
