package dev.interlock.upgrade.domain;

import java.util.regex.Pattern;

/** A product's version as its vendor writes it, for instance {@code 1.5.0}; ordered number by number, never as text. */
public record Version(String text) implements Comparable<Version> {
    private static final Pattern SHAPE = Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,5}");

    public Version {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a version: numbers with dots are expected, such as 1.5.0");
        }
    }

    public static boolean isVersion(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The number before the first dot: within it a product stays compatible (K1). */
    public int major() {
        return Integer.parseInt(text.split("\\.", -1)[0]);
    }

    @Override
    public int compareTo(Version other) {
        String[] mine = text.split("\\.", -1);
        String[] theirs = other.text.split("\\.", -1);
        for (int i = 0; i < Math.max(mine.length, theirs.length); i++) {
            int a = i < mine.length ? Integer.parseInt(mine[i]) : 0;
            int b = i < theirs.length ? Integer.parseInt(theirs[i]) : 0;
            if (a != b) {
                return Integer.compare(a, b);
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
