package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Plan;

/** A plan in the one form that is stored, shown and hashed. */
public interface PlanForm {
    String canonical(Plan plan);

    /** SHA-256 in hex. */
    String hash(String canonical);
}
