package dev.interlock.license.app.broken;

import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Breaks: injection is by constructor. */
class HasItsFieldsFilled {
    @Inject
    @Nullable
    String name;
}
