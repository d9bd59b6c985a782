package dev.interlock.contracts.broken;

import com.tngtech.archunit.lang.ArchRule;

/** Breaks: contracts need only Jackson. */
record NeedsALibrary(ArchRule library) {}
