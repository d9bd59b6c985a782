package dev.interlock.license.domain;

/**
 * What one server has of a pool: the total that is active there, how many of these a session holds right now, and how many are
 * asked back and wait for the authority's answer. The latter carry no session any more: the authority may already have given
 * them to another server (L12).
 */
public record Allotment(int total, int inUse, int returning) {
    public static final Allotment NONE = new Allotment(0, 0);

    public Allotment {
        if (returning < 0 || inUse < 0 || inUse > total - returning) {
            throw new IllegalArgumentException(
                    inUse + " sessions on " + total + " licences, " + returning + " of them being returned");
        }
    }

    public Allotment(int total, int inUse) {
        this(total, inUse, 0);
    }

    /** Licences that may carry a session. */
    public int usable() {
        return total - returning;
    }

    public int free() {
        return usable() - inUse;
    }
}
