package dev.interlock.lab.program;

/** POSIX regular expressions, basic and extended, as Java's. */
final class Regex {
    private Regex() {}

    static String java(String posix, boolean extended) {
        var out = new StringBuilder();
        for (int i = 0; i < posix.length(); i++) {
            char c = posix.charAt(i);
            if (c == '[') {
                i = bracket(posix, i, out);
            } else if (c == '\\' && i + 1 < posix.length()) {
                i++;
                char next = posix.charAt(i);
                if (!extended && "(){}|+?".indexOf(next) >= 0) {
                    out.append(next);
                } else if ("wWsSbB<>".indexOf(next) >= 0) {
                    out.append(next == '<' || next == '>' ? "\\b" : "\\" + next);
                } else {
                    out.append('\\').append(next);
                }
            } else if (!extended && "(){}|+?".indexOf(c) >= 0) {
                out.append('\\').append(c);
            } else if (!extended
                    && c == '*'
                    && (i == 0 || posix.startsWith("\\(", i - 2) || i == 1 && posix.charAt(0) == '^')) {
                out.append("\\*");
            } else if (!extended
                    && c == '^'
                    && i > 0
                    && !posix.startsWith("\\(", i - 2)
                    && !posix.startsWith("\\|", i - 2)) {
                out.append("\\^");
            } else if (!extended
                    && c == '$'
                    && i < posix.length() - 1
                    && !posix.startsWith("\\)", i + 1)
                    && !posix.startsWith("\\|", i + 1)) {
                out.append("\\$");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int bracket(String posix, int open, StringBuilder out) {
        int i = open + 1;
        out.append('[');
        if (i < posix.length() && posix.charAt(i) == '^') {
            out.append('^');
            i++;
        }
        for (boolean first = true; i < posix.length(); i++, first = false) {
            char c = posix.charAt(i);
            if (c == ']' && !first) {
                out.append(']');
                return i;
            }
            if (posix.startsWith("[:", i)) {
                int end = posix.indexOf(":]", i);
                out.append(
                        switch (posix.substring(i + 2, end)) {
                            case "digit" -> "0-9";
                            case "alpha" -> "a-zA-Z";
                            case "alnum" -> "a-zA-Z0-9";
                            case "upper" -> "A-Z";
                            case "lower" -> "a-z";
                            case "space" -> "\\s";
                            case "blank" -> " \\t";
                            case "xdigit" -> "0-9A-Fa-f";
                            default -> "\\p{Punct}";
                        });
                i = end + 1;
            } else if ("[\\&^".indexOf(c) >= 0 || c == ']') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        return i;
    }
}
