package dev.interlock.license.domain;

/** How much is left of a pool on a server. The order is from good to bad. */
public enum Level {
    AMPLE,
    LOW,
    EXHAUSTED;

    /** Low is a free share of at most {@code lowPercent}; nothing free is exhausted, also where nothing is active. */
    public static Level of(int total, int inUse, int lowPercent) {
        int free = total - inUse;
        if (free <= 0) {
            return EXHAUSTED;
        }
        return 100L * free <= (long) lowPercent * total ? LOW : AMPLE;
    }

    /**
     * The level that has been told after this one was reached. A level is told once on the way down; it is forgotten only when
     * there is ample again, so that a pool at its limit does not tell of every session that comes and goes.
     */
    public Level toldAfter(Level told) {
        return this == AMPLE || compareTo(told) > 0 ? this : told;
    }
}
