package dev.interlock.lab.shell;

import org.jspecify.annotations.Nullable;

/** Shell patterns: {@code * ? [...]}; a backslash takes the meaning from what follows. */
public final class Pattern {
    private Pattern() {}

    public static String escape(String literal) {
        var out = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if ("*?[]\\-!^".indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }

    public static String unescape(String pattern) {
        var out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\' && i + 1 < pattern.length()) {
                i++;
            }
            out.append(pattern.charAt(i));
        }
        return out.toString();
    }

    public static boolean isMagic(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return true;
            }
        }
        return false;
    }

    public static boolean matches(String pattern, String text) {
        return matches(pattern, 0, text, 0);
    }

    private static boolean matches(String p, int i, String s, int j) {
        while (i < p.length()) {
            char c = p.charAt(i);
            if (c == '*') {
                while (i + 1 < p.length() && p.charAt(i + 1) == '*') {
                    i++;
                }
                for (int k = j; k <= s.length(); k++) {
                    if (matches(p, i + 1, s, k)) {
                        return true;
                    }
                }
                return false;
            }
            if (j >= s.length()) {
                return false;
            }
            if (c == '[') {
                int close = close(p, i);
                if (close > 0) {
                    if (!inClass(p, i, close, s.charAt(j))) {
                        return false;
                    }
                    i = close + 1;
                    j++;
                    continue;
                }
            }
            if (c == '\\' && i + 1 < p.length()) {
                i++;
                c = p.charAt(i);
            } else if (c == '?') {
                c = s.charAt(j);
            }
            if (c != s.charAt(j)) {
                return false;
            }
            i++;
            j++;
        }
        return j == s.length();
    }

    private static int close(String p, int open) {
        int i = open + 1;
        if (i < p.length() && (p.charAt(i) == '!' || p.charAt(i) == '^')) {
            i++;
        }
        for (boolean first = true; i < p.length(); i++, first = false) {
            if (p.charAt(i) == '\\') {
                i++;
            } else if (p.startsWith("[:", i)) {
                int end = p.indexOf(":]", i);
                i = end < 0 ? i : end + 1;
            } else if (p.charAt(i) == ']' && !first) {
                return i;
            }
        }
        return -1;
    }

    private static boolean inClass(String p, int open, int close, char c) {
        int i = open + 1;
        boolean negated = p.charAt(i) == '!' || p.charAt(i) == '^';
        if (negated) {
            i++;
        }
        boolean found = false;
        while (i < close) {
            if (p.startsWith("[:", i)) {
                int end = p.indexOf(":]", i);
                found |= named(p.substring(i + 2, end), c);
                i = end + 2;
                continue;
            }
            if (p.charAt(i) == '\\') {
                i++;
            }
            char from = p.charAt(i);
            if (i + 2 < close && p.charAt(i + 1) == '-') {
                char to = p.charAt(i + 2) == '\\' ? p.charAt(i + 3) : p.charAt(i + 2);
                found |= c >= from && c <= to;
                i += p.charAt(i + 2) == '\\' ? 4 : 3;
            } else {
                found |= c == from;
                i++;
            }
        }
        return found != negated;
    }

    private static boolean named(String name, char c) {
        return switch (name) {
            case "digit" -> c >= '0' && c <= '9';
            case "alpha" -> Character.isLetter(c);
            case "alnum" -> Character.isLetterOrDigit(c);
            case "upper" -> Character.isUpperCase(c);
            case "lower" -> Character.isLowerCase(c);
            case "space" -> Character.isWhitespace(c);
            case "blank" -> c == ' ' || c == '\t';
            case "punct" -> c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
            case "xdigit" -> Character.digit(c, 16) >= 0;
            default -> false;
        };
    }

    /** The end (for a prefix) or the beginning (for a suffix) of the part to cut, or null. */
    static @Nullable String trim(String value, String pattern, boolean prefix, boolean longest) {
        for (int k = 0; k <= value.length(); k++) {
            int n = longest ? value.length() - k : k;
            String piece = prefix ? value.substring(0, n) : value.substring(value.length() - n);
            if (matches(pattern, piece)) {
                return prefix ? value.substring(n) : value.substring(0, value.length() - n);
            }
        }
        return null;
    }
}
