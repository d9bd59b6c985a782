package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** sed with {@code s p d q =} and addresses; {@code -n -E -i -e}. */
final class Sed {
    private Sed() {}

    /** A line number, {@code $} (-1) or an expression. */
    private record Address(int line, @Nullable Pattern pattern) {
        boolean hits(int n, boolean last, String text) {
            return pattern != null ? pattern.matcher(text).find() : line < 0 ? last : line == n;
        }
    }

    private static final class Command {
        @Nullable
        Address from;

        @Nullable
        Address to;

        boolean negated;
        boolean inRange;
        char name;

        @Nullable
        Pattern pattern;

        String replacement = "";
        boolean global;
        boolean print;
        int occurrence = 1;

        boolean applies(int n, boolean last, String text) {
            Address begin = from;
            Address end = to;
            boolean hit;
            if (begin == null) {
                hit = true;
            } else if (end == null) {
                hit = begin.hits(n, last, text);
            } else if (inRange) {
                hit = true;
                inRange = !(end.pattern() == null && end.line() >= 0 ? n >= end.line() : end.hits(n, last, text));
            } else {
                hit = begin.hits(n, last, text);
                inRange = hit && !(end.pattern() == null && end.line() >= 0 && end.line() <= n);
            }
            return hit != negated;
        }
    }

    static int run(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("n", "E", "r", "i", "s", "u"), Set.of("e", "f"));
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        List<String> rest = new ArrayList<>(options.rest());
        var scripts = new ArrayList<>(options.values("e"));
        if (scripts.isEmpty()) {
            if (rest.isEmpty()) {
                call.err("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
                return 1;
            }
            scripts.add(rest.removeFirst());
        }
        var commands = new ArrayList<Command>();
        String problem = new Parser(String.join("\n", scripts), options.has("E", "r")).parse(commands);
        if (problem != null) {
            call.err("sed: -e expression #1, char 1: " + problem);
            return 1;
        }
        int status = 0;
        for (String file : rest.isEmpty() ? List.of("-") : rest) {
            String text;
            try {
                text = new String(call.readFile(file), StandardCharsets.UTF_8);
            } catch (Errno e) {
                call.err("sed: can't read " + file + ": " + e.text());
                status = 2;
                continue;
            }
            var out = new StringBuilder();
            edit(TextPrograms.lines(text), commands, options.has("n"), out);
            if (!text.isEmpty() && !text.endsWith("\n") && out.toString().endsWith("\n")) {
                out.setLength(out.length() - 1);
            }
            if (options.has("i")) {
                var node = call.files().openWrite(call.path(file), true, call.uid(), 0644);
                byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
                call.files().write(node, 0, bytes, 0, bytes.length);
            } else {
                call.out(out.toString());
            }
        }
        return status;
    }

    private static void edit(List<String> lines, List<Command> commands, boolean silent, StringBuilder out) {
        for (int n = 1; n <= lines.size(); n++) {
            String line = lines.get(n - 1);
            boolean last = n == lines.size();
            boolean deleted = false;
            boolean quit = false;
            for (Command command : commands) {
                if (deleted || !command.applies(n, last, line)) {
                    continue;
                }
                switch (command.name) {
                    case 'p' -> out.append(line).append('\n');
                    case 'd' -> deleted = true;
                    case 'q' -> quit = true;
                    case '=' -> out.append(n).append('\n');
                    default -> {
                        String changed = substitute(line, command);
                        if (changed != null) {
                            line = changed;
                            if (command.print) {
                                out.append(line).append('\n');
                            }
                        }
                    }
                }
                if (quit) {
                    break;
                }
            }
            if (!silent && !deleted) {
                out.append(line).append('\n');
            }
            if (quit) {
                return;
            }
        }
    }

    private static @Nullable String substitute(String line, Command command) {
        Pattern pattern = command.pattern;
        if (pattern == null) {
            return null;
        }
        Matcher matcher = pattern.matcher(line);
        var out = new StringBuilder();
        int at = 0;
        int count = 0;
        while (matcher.find()) {
            count++;
            if (count < command.occurrence) {
                continue;
            }
            out.append(line, at, matcher.start());
            String r = command.replacement;
            for (int i = 0; i < r.length(); i++) {
                char c = r.charAt(i);
                if (c == '&') {
                    out.append(matcher.group());
                } else if (c == '\\' && i + 1 < r.length()) {
                    i++;
                    char e = r.charAt(i);
                    if (Character.isDigit(e)) {
                        String group = matcher.group(e - '0');
                        out.append(group == null ? "" : group);
                    } else {
                        out.append(e == 'n' ? '\n' : e == 't' ? '\t' : e);
                    }
                } else {
                    out.append(c);
                }
            }
            at = matcher.end();
            if (!command.global) {
                break;
            }
        }
        if (count < command.occurrence) {
            return null;
        }
        return out.append(line.substring(at)).toString();
    }

    private static final class Parser {
        private final String text;
        private final boolean extended;
        private int at;

        Parser(String text, boolean extended) {
            this.text = text;
            this.extended = extended;
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        @Nullable
        String parse(List<Command> into) {
            while (true) {
                while (at < text.length() && " \t\n;".indexOf(peek()) >= 0) {
                    at++;
                }
                if (at >= text.length()) {
                    return null;
                }
                var command = new Command();
                command.from = address();
                if (command.from != null && peek() == ',') {
                    at++;
                    command.to = address();
                    if (command.to == null) {
                        return "unexpected `,'";
                    }
                }
                while (peek() == ' ') {
                    at++;
                }
                if (peek() == '!') {
                    command.negated = true;
                    at++;
                }
                command.name = peek();
                at++;
                switch (command.name) {
                    case 'p', 'd', 'q', '=' -> {}
                    case 's' -> {
                        char delimiter = peek();
                        at++;
                        String regex = until(delimiter, true);
                        command.replacement = until(delimiter, false);
                        boolean ignoreCase = false;
                        while (at < text.length() && "gpIi0123456789".indexOf(peek()) >= 0) {
                            char flag = peek();
                            command.global |= flag == 'g';
                            command.print |= flag == 'p';
                            ignoreCase |= flag == 'I' || flag == 'i';
                            if (Character.isDigit(flag)) {
                                command.occurrence = flag - '0';
                            }
                            at++;
                        }
                        command.pattern =
                                Pattern.compile(Regex.java(regex, extended), ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
                    }
                    default -> {
                        return "unknown command: `" + command.name + "'";
                    }
                }
                into.add(command);
            }
        }

        private @Nullable Address address() {
            if (peek() == '$') {
                at++;
                return new Address(-1, null);
            }
            if (Character.isDigit(peek())) {
                int from = at;
                while (Character.isDigit(peek())) {
                    at++;
                }
                return new Address(Integer.parseInt(text.substring(from, at)), null);
            }
            if (peek() == '/' || peek() == '\\') {
                if (peek() == '\\') {
                    at++;
                }
                char delimiter = peek();
                at++;
                return new Address(0, Pattern.compile(Regex.java(until(delimiter, true), extended)));
            }
            return null;
        }

        private String until(char delimiter, boolean regex) {
            var out = new StringBuilder();
            boolean bracket = false;
            while (at < text.length() && (peek() != delimiter || bracket)) {
                char c = peek();
                if (c == '\\' && at + 1 < text.length()) {
                    char next = text.charAt(at + 1);
                    if (next == delimiter) {
                        out.append(next);
                    } else if (regex && next == 'n') {
                        out.append('\n');
                    } else {
                        out.append(c).append(next);
                    }
                    at += 2;
                    continue;
                }
                if (regex && c == '[') {
                    bracket = true;
                } else if (regex && c == ']') {
                    bracket = false;
                }
                out.append(c);
                at++;
            }
            at++;
            return out.toString();
        }
    }
}
