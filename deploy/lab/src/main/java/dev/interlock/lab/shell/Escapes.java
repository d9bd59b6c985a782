package dev.interlock.lab.shell;

import java.util.List;
import java.util.Locale;

/** Backslash escapes of echo and printf, and printf's formats. */
public final class Escapes {
    private Escapes() {}

    /** @return where a {@code \c} stopped the output, or -1 */
    static int expand(String text, StringBuilder out, boolean zeroOctal) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 >= text.length()) {
                out.append(c);
                continue;
            }
            i++;
            c = text.charAt(i);
            switch (c) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'a' -> out.append('\007');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'v' -> out.append('\013');
                case '\\' -> out.append('\\');
                case 'c' -> {
                    return i;
                }
                default -> {
                    if (c >= '0' && c <= '7') {
                        int digits = c == '0' && zeroOctal ? 4 : 3;
                        int value = 0;
                        int j = i;
                        while (j < text.length() && j < i + digits && text.charAt(j) >= '0' && text.charAt(j) <= '7') {
                            value = value * 8 + text.charAt(j) - '0';
                            j++;
                        }
                        out.append((char) (value & 0xff));
                        i = j - 1;
                    } else {
                        out.append('\\').append(c);
                    }
                }
            }
        }
        return -1;
    }

    public static String printf(String format, List<String> arguments, List<String> complaints) {
        var out = new StringBuilder();
        int used = 0;
        do {
            int before = used;
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c == '\\') {
                    int to = i + 2;
                    if (i + 1 < format.length() && format.charAt(i + 1) >= '0' && format.charAt(i + 1) <= '7') {
                        to = i + 1;
                        while (to < format.length()
                                && to < i + 4
                                && format.charAt(to) >= '0'
                                && format.charAt(to) <= '7') {
                            to++;
                        }
                    }
                    to = Math.min(to, format.length());
                    if (expand(format.substring(i, to), out, false) >= 0) {
                        return out.toString();
                    }
                    i = to - 1;
                    continue;
                }
                if (c != '%') {
                    out.append(c);
                    continue;
                }
                int j = i + 1;
                var spec = new StringBuilder();
                while (j < format.length() && "-+ #0123456789.*".indexOf(format.charAt(j)) >= 0) {
                    if (format.charAt(j) == '*') {
                        spec.append(used < arguments.size() ? arguments.get(used) : "0");
                        used++;
                    } else {
                        spec.append(format.charAt(j));
                    }
                    j++;
                }
                char type = j < format.length() ? format.charAt(j) : '%';
                i = j;
                if (type == '%') {
                    out.append('%');
                    continue;
                }
                String argument = used < arguments.size() ? arguments.get(used) : null;
                used++;
                switch (type) {
                    case 's' -> pad(out, spec.toString(), argument == null ? "" : argument);
                    case 'b' -> {
                        var expanded = new StringBuilder();
                        boolean stop = expand(argument == null ? "" : argument, expanded, true) >= 0;
                        pad(out, spec.toString(), expanded.toString());
                        if (stop) {
                            return out.toString();
                        }
                    }
                    case 'c' ->
                        pad(
                                out,
                                spec.toString(),
                                argument == null || argument.isEmpty() ? "" : argument.substring(0, 1));
                    case 'd', 'i', 'u', 'x', 'X', 'o' -> {
                        long value = number(argument == null ? "0" : argument, complaints);
                        String flags = spec.toString().replaceAll("\\..*", "");
                        char java = type == 'i' || type == 'u' ? 'd' : type;
                        out.append(String.format(Locale.ROOT, "%" + flags + java, value));
                    }
                    case 'f', 'e', 'g' ->
                        out.append(String.format(
                                Locale.ROOT, "%" + spec + type, argument == null ? 0.0 : Double.parseDouble(argument)));
                    default -> complaints.add("%" + type + ": invalid directive");
                }
            }
            if (used == before) {
                break;
            }
        } while (used < arguments.size());
        return out.toString();
    }

    private static long number(String text, List<String> complaints) {
        if (text.startsWith("'") || text.startsWith("\"")) {
            return text.length() > 1 ? text.charAt(1) : 0;
        }
        String trimmed = text.trim();
        try {
            return trimmed.isEmpty() ? 0 : Long.decode(trimmed);
        } catch (NumberFormatException e) {
            String digits = trimmed.replaceFirst("^([+-]?\\d*).*$", "$1");
            complaints.add(text + (digits.isEmpty() ? ": expected numeric value" : ": not completely converted"));
            return digits.isEmpty() || digits.equals("-") || digits.equals("+") ? 0 : Long.parseLong(digits);
        }
    }

    private static void pad(StringBuilder out, String spec, String text) {
        String value = text;
        String width = spec;
        int dot = spec.indexOf('.');
        if (dot >= 0) {
            int precision = dot + 1 < spec.length() ? Integer.parseInt(spec.substring(dot + 1)) : 0;
            value = value.substring(0, Math.min(precision, value.length()));
            width = spec.substring(0, dot);
        }
        boolean left = width.contains("-");
        String digits = width.replaceAll("[^0-9]", "");
        int missing = digits.isEmpty() ? 0 : Integer.parseInt(digits) - value.length();
        String blanks = " ".repeat(Math.max(missing, 0));
        out.append(left ? value + blanks : blanks + value);
    }
}
