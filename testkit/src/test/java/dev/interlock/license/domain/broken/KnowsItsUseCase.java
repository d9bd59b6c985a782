package dev.interlock.license.domain.broken;

import dev.interlock.license.app.broken.KnowsItsAdapter;

/** Breaks: dependencies point inward. */
record KnowsItsUseCase(KnowsItsAdapter outer) {}
