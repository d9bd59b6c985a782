package dev.interlock.license.domain;

/** What one server has of a pool: the total that is active there, and how many of these a session holds right now. */
public record Allotment(int total, int inUse) {
    public static final Allotment NONE = new Allotment(0, 0);

    public Allotment {
        if (total < 0 || inUse < 0 || inUse > total) {
            throw new IllegalArgumentException(inUse + " sessions on " + total + " licences");
        }
    }

    public int free() {
        return total - inUse;
    }
}
