package dev.interlock.upgrade.domain;

/** What a step that succeeded means to the world, and which event says so. */
public enum Milestone {
    /** Of interest to those who watch the run only. */
    NONE,
    /** Told as failed, too, when the step fails: nothing was changed then. */
    PREFLIGHT_PASSED,
    /** The step's findings are those of {@link Findings#backup}. */
    BACKUP_TAKEN,
    NODE_DRAINED,
    /** Counted n of m (G11). */
    NODE_ENTERED_UPDATE_MODE,
    /** Counted n of m: the host runs the new version (G14, K10). Its checks are post-checks. */
    NODE_UPDATED,
    /** The step's findings have the schema's version under {@link Findings#SCHEMA_VERSION} (G16). */
    SCHEMA_RENEWED,
    /** Counted n of m (G17). Its checks are post-checks. */
    NODE_RETURNED_TO_NORMAL_MODE,
    /** Its checks are post-checks; no event of its own. */
    PROVEN;

    /** Whether the checks of such a step count as held or failed in the end. */
    public boolean postcheck() {
        return switch (this) {
            case NODE_UPDATED, SCHEMA_RENEWED, NODE_RETURNED_TO_NORMAL_MODE, PROVEN -> true;
            case NONE, PREFLIGHT_PASSED, BACKUP_TAKEN, NODE_DRAINED, NODE_ENTERED_UPDATE_MODE -> false;
        };
    }
}
