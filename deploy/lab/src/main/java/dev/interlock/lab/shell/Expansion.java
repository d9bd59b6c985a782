package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.shell.Ast.Part;
import dev.interlock.lab.shell.Ast.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns words into what they stand for: parameters, substitutions, field splitting, path names, quote removal. */
final class Expansion {
    private final Shell shell;

    /** A field as it grows. Each character knows whether it was quoted (cannot be a pattern). */
    private static final class Field {
        final StringBuilder text = new StringBuilder();
        final StringBuilder quoted = new StringBuilder();
        boolean present;

        void add(String more, boolean isQuoted) {
            text.append(more);
            quoted.append((isQuoted ? "q" : "-").repeat(more.length()));
            present |= isQuoted || !more.isEmpty();
        }

        String pattern() {
            var out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                if (quoted.charAt(i) == 'q') {
                    out.append(Pattern.escape(String.valueOf(text.charAt(i))));
                } else {
                    out.append(text.charAt(i));
                }
            }
            return out.toString();
        }
    }

    private final List<Field> fields = new ArrayList<>();
    private Field current = new Field();
    private boolean splitting;

    Expansion(Shell shell) {
        this.shell = shell;
    }

    List<String> fields(List<Word> words) {
        var out = new ArrayList<String>();
        for (Word word : words) {
            fields.clear();
            current = new Field();
            splitting = true;
            expand(word.parts(), true);
            finish();
            for (Field field : List.copyOf(fields)) {
                if (!shell.noglob && Pattern.isMagic(field.pattern())) {
                    List<String> paths = glob(field.pattern());
                    if (!paths.isEmpty()) {
                        out.addAll(paths);
                        continue;
                    }
                }
                out.add(field.text.toString());
            }
        }
        return out;
    }

    private void finish() {
        if (current.present) {
            fields.add(current);
        }
        current = new Field();
    }

    /** No splitting, no path names: assignments, redirections, case. */
    String single(Word word) {
        return whole(word).text.toString();
    }

    String pattern(Word word) {
        return whole(word).pattern();
    }

    private Field whole(Word word) {
        var inner = new Expansion(shell);
        inner.expand(word.parts(), true);
        return inner.current;
    }

    private void expand(List<Part> parts, boolean atBeginning) {
        boolean first = atBeginning;
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text, boolean quoted) -> {
                    if (first && !quoted && text.startsWith("~") && (text.length() == 1 || text.charAt(1) == '/')) {
                        current.add(shell.variables.getOrDefault("HOME", "~"), true);
                        current.add(text.substring(1), false);
                    } else {
                        current.add(text, quoted);
                    }
                }
                case Part.Substitution(var body, boolean quoted) -> value(shell.substitute(body), quoted);
                case Part.Arithmetic(var expression, boolean quoted) ->
                    value(
                            Long.toString(new Arithmetic(shell, new Expansion(shell).single(expression)).value()),
                            quoted);
                case Part.Parameter parameter -> parameter(parameter);
            }
            first = false;
        }
    }

    private void value(String value, boolean quoted) {
        if (quoted || !splitting) {
            current.add(value, quoted);
            return;
        }
        String ifs = shell.variables.getOrDefault("IFS", " \t\n");
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            if (ifs.indexOf(c) < 0) {
                current.add(String.valueOf(c), false);
                i++;
                continue;
            }
            boolean blank = isBlank(c);
            int hard = blank ? 0 : 1;
            int j = i + 1;
            while (j < value.length() && ifs.indexOf(value.charAt(j)) >= 0 && (isBlank(value.charAt(j)) || hard == 0)) {
                hard += isBlank(value.charAt(j)) ? 0 : 1;
                j++;
            }
            if (hard > 0) {
                current.present = true;
            }
            finish();
            i = j;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n';
    }

    private void parameter(Part.Parameter p) {
        if ((p.name().equals("@") || p.name().equals("*") && !p.quoted())
                && p.operator().isEmpty()) {
            List<String> values = shell.positional;
            if (!splitting) {
                current.add(String.join(" ", values), p.quoted());
                return;
            }
            for (int i = 0; i < values.size(); i++) {
                if (i > 0) {
                    finish();
                }
                value(values.get(i), p.quoted());
                if (p.quoted()) {
                    current.present = true;
                }
            }
            return;
        }
        String value = lookup(p.name());
        boolean colon = p.operator().startsWith(":");
        boolean missing = value == null || colon && value.isEmpty();
        Word word = p.word();
        switch (colon ? p.operator().substring(1) : p.operator()) {
            case "" -> {
                if (value == null && shell.nounset) {
                    throw new Shell.Fatal(p.name() + ": parameter not set");
                }
                value(value == null ? "" : value, p.quoted());
            }
            case "length" ->
                value(String.valueOf(value == null ? 0 : value.codePointCount(0, value.length())), p.quoted());
            case "-" -> {
                if (missing) {
                    alternative(word, p.quoted());
                } else {
                    value(value == null ? "" : value, p.quoted());
                }
            }
            case "+" -> {
                if (!missing) {
                    alternative(word, p.quoted());
                } else if (p.quoted()) {
                    current.add("", true);
                }
            }
            case "=" -> {
                if (missing) {
                    value = word == null ? "" : new Expansion(shell).single(word);
                    shell.set(p.name(), value);
                }
                value(value == null ? "" : value, p.quoted());
            }
            case "?" -> {
                if (missing) {
                    String text = word == null || word.parts().isEmpty()
                            ? "parameter not set"
                            : new Expansion(shell).single(word);
                    throw new Shell.Fatal(p.name() + ": " + text);
                }
                value(value == null ? "" : value, p.quoted());
            }
            default -> {
                String pattern = word == null ? "" : new Expansion(shell).pattern(word);
                String whole = value == null ? "" : value;
                String cut = Pattern.trim(
                        whole,
                        pattern,
                        p.operator().startsWith("#"),
                        p.operator().length() == 2);
                value(cut == null ? whole : cut, p.quoted());
            }
        }
    }

    private void alternative(@Nullable Word word, boolean quoted) {
        if (quoted) {
            current.add("", true);
        }
        if (word == null) {
            return;
        }
        if (quoted) {
            current.add(new Expansion(shell).single(word), true);
            return;
        }
        for (Part part : word.parts()) {
            if (part instanceof Part.Text(String text, boolean isQuoted) && !isQuoted) {
                value(text, false);
            } else {
                expand(List.of(part), false);
            }
        }
    }

    @Nullable
    String lookup(String name) {
        return switch (name) {
            case "?" -> String.valueOf(shell.status);
            case "$" -> String.valueOf(shell.shellPid);
            case "!" -> shell.lastJob == null ? null : String.valueOf(shell.lastJob.pid());
            case "#" -> String.valueOf(shell.positional.size());
            case "@", "*" -> {
                String ifs = shell.variables.getOrDefault("IFS", " ");
                yield shell.positional.isEmpty()
                        ? null
                        : String.join(ifs.isEmpty() ? "" : ifs.substring(0, 1), shell.positional);
            }
            case "0" -> shell.zero;
            case "-" -> (shell.errexit ? "e" : "") + (shell.noglob ? "f" : "") + (shell.nounset ? "u" : "");
            default -> {
                if (Character.isDigit(name.charAt(0))) {
                    int n = Integer.parseInt(name);
                    yield n <= shell.positional.size() ? shell.positional.get(n - 1) : null;
                }
                yield shell.variables.get(name);
            }
        };
    }

    private List<String> glob(String pattern) {
        List<String> found = List.of(pattern.startsWith("/") ? "/" : "");
        for (String piece : pattern.split("/")) {
            if (piece.isEmpty()) {
                continue;
            }
            var next = new ArrayList<String>();
            for (String base : found) {
                String directory = FileSystem.absolute(shell.cwd, base.isEmpty() ? "." : base);
                String prefix = base.isEmpty() || base.endsWith("/") ? base : base + "/";
                if (!Pattern.isMagic(piece)) {
                    String path = prefix + Pattern.unescape(piece);
                    if (shell.machine.files().find(FileSystem.absolute(shell.cwd, path), false) != null) {
                        next.add(path);
                    }
                    continue;
                }
                try {
                    for (String entry : shell.machine.files().list(directory, shell.process.uid())) {
                        if ((!entry.startsWith(".") || piece.startsWith(".")) && Pattern.matches(piece, entry)) {
                            next.add(prefix + entry);
                        }
                    }
                } catch (Errno e) {
                    // not a directory, or not ours to read: matches nothing
                }
            }
            found = next;
        }
        return found;
    }
}
