package dev.interlock.agent.domain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of agents by their numbers: 2.9 is older than 2.11, and 23.04 newer than both. */
public final class AgentVersion {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})*)");

    private AgentVersion() {}

    /** Certainly older; a text without a number is not. */
    public static boolean olderThan(String version, String minimum) {
        var one = NUMBERS.matcher(version);
        var other = NUMBERS.matcher(minimum);
        return one.find() && other.find() && compare(parts(one), parts(other)) < 0;
    }

    private static String[] parts(Matcher found) {
        return found.group(1).split("\\.", -1);
    }

    private static int compare(String[] one, String[] other) {
        for (int i = 0; i < Math.max(one.length, other.length); i++) {
            int a = i < one.length ? Integer.parseInt(one[i]) : 0;
            int b = i < other.length ? Integer.parseInt(other[i]) : 0;
            if (a != b) {
                return Integer.compare(a, b);
            }
        }
        return 0;
    }
}
