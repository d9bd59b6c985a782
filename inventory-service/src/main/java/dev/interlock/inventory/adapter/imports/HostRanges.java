package dev.interlock.inventory.adapter.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ansible's ranges in host names: {@code kcm-[01:10]}, {@code db-[a:f]}, {@code n[1:9:2]}, several in one name. */
final class HostRanges {

    static final int MOST = 10_000;

    private static final Pattern RANGE =
            Pattern.compile("\\[(\\d{1,9}):(\\d{1,9})(?::(\\d{1,9}))?]|\\[([A-Za-z]):([A-Za-z])(?::(\\d{1,2}))?]");

    private HostRanges() {}

    /** @throws IllegalArgumentException with a sentence, if a bracket is no range or a range runs backwards or too far */
    static List<String> expand(String pattern) {
        if (pattern.indexOf('[') < 0) {
            return List.of(pattern);
        }
        var range = RANGE.matcher(pattern);
        if (!range.find()) {
            throw new IllegalArgumentException("'" + pattern + "' has a bracket that is no range");
        }
        var before = pattern.substring(0, range.start());
        if (before.indexOf('[') >= 0) {
            throw new IllegalArgumentException("'" + pattern + "' has a bracket that is no range");
        }
        var rests = expand(pattern.substring(range.end()));
        var names = new ArrayList<String>();
        for (var middle : range.group(1) != null
                ? numbers(pattern, range.group(1), range.group(2), range.group(3))
                : letters(pattern, range.group(4).charAt(0), range.group(5).charAt(0), range.group(6))) {
            for (var rest : rests) {
                if (names.size() == MOST) {
                    throw new IllegalArgumentException("'" + pattern + "' is more than " + MOST + " hosts");
                }
                names.add(before + middle + rest);
            }
        }
        return names;
    }

    private static List<String> numbers(String pattern, String from, String to, @Nullable String by) {
        int first = Integer.parseInt(from);
        int last = Integer.parseInt(to);
        int step = step(pattern, by);
        check(pattern, first, last);
        var format = from.length() > 1 && from.startsWith("0") ? "%0" + from.length() + "d" : "%d";
        var numbers = new ArrayList<String>();
        for (long i = first; i <= last; i += step) {
            if (numbers.size() == MOST) {
                throw new IllegalArgumentException("'" + pattern + "' is more than " + MOST + " hosts");
            }
            numbers.add(String.format(Locale.ROOT, format, i));
        }
        return numbers;
    }

    private static List<String> letters(String pattern, char from, char to, @Nullable String by) {
        check(pattern, from, to);
        int step = step(pattern, by);
        var letters = new ArrayList<String>();
        for (int i = from; i <= to; i += step) {
            if (Character.isLetter(i)) {
                letters.add(String.valueOf((char) i));
            }
        }
        return letters;
    }

    private static int step(String pattern, @Nullable String by) {
        int step = by == null ? 1 : Integer.parseInt(by);
        if (step == 0) {
            throw new IllegalArgumentException("'" + pattern + "' has a step of 0");
        }
        return step;
    }

    private static void check(String pattern, int first, int last) {
        if (last < first) {
            throw new IllegalArgumentException("'" + pattern + "' runs backwards");
        }
    }
}
