package dev.interlock.lab.shell;

import dev.interlock.lab.shell.Ast.AndOr;
import dev.interlock.lab.shell.Ast.Arm;
import dev.interlock.lab.shell.Ast.Assignment;
import dev.interlock.lab.shell.Ast.Case;
import dev.interlock.lab.shell.Ast.For;
import dev.interlock.lab.shell.Ast.Function;
import dev.interlock.lab.shell.Ast.Group;
import dev.interlock.lab.shell.Ast.If;
import dev.interlock.lab.shell.Ast.Item;
import dev.interlock.lab.shell.Ast.Loop;
import dev.interlock.lab.shell.Ast.Part;
import dev.interlock.lab.shell.Ast.Pipeline;
import dev.interlock.lab.shell.Ast.Redirected;
import dev.interlock.lab.shell.Ast.Redirection;
import dev.interlock.lab.shell.Ast.Sequence;
import dev.interlock.lab.shell.Ast.Simple;
import dev.interlock.lab.shell.Ast.Subshell;
import dev.interlock.lab.shell.Ast.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a script. Scannerless: the shell's tokens depend on where they stand. */
final class Parser {
    private static final Set<String> CLOSERS = Set.of("then", "fi", "do", "done", "elif", "else", "esac", "}");
    private static final String META = " \t\n;&|<>()";

    private final String text;
    private int at;
    private int line;
    private final List<HereDocument> pending = new ArrayList<>();

    /** A here-document whose text comes after the line. */
    private record HereDocument(
            String delimiter, boolean quoted, boolean tabs, List<Redirection> redirections, int index) {}

    private Parser(String text, int line) {
        this.text = text;
        this.line = line;
    }

    static Ast parse(String script) throws SyntaxError {
        var parser = new Parser(script, 1);
        Ast ast = parser.sequence();
        if (parser.at < parser.text.length()) {
            throw parser.unexpected();
        }
        return ast;
    }

    private boolean end() {
        return at >= text.length();
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    private boolean starts(String token) {
        return text.startsWith(token, at);
    }

    private SyntaxError error(String message) {
        return new SyntaxError(line, message);
    }

    private SyntaxError unexpected() {
        return end() ? error("end of file unexpected") : unexpected(tokenHere(), null);
    }

    private SyntaxError unexpected(String token, @Nullable String expected) {
        String what = switch (token) {
            case "" -> "end of file";
            case "\n" -> "newline";
            default -> META.indexOf(token.charAt(0)) >= 0 || CLOSERS.contains(token) ? "\"" + token + "\"" : "word";
        };
        return error(what + " unexpected" + (expected == null ? "" : " (expecting \"" + expected + "\")"));
    }

    private String tokenHere() {
        if (end()) {
            return "";
        }
        for (String operator : List.of(";;", "&&", "||", "<<", ">>", "<&", ">&", "<>", ">|")) {
            if (starts(operator)) {
                return operator;
            }
        }
        if (META.indexOf(peek()) >= 0) {
            return String.valueOf(peek());
        }
        int from = at;
        int to = at;
        while (to < text.length() && META.indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return text.substring(from, to);
    }

    private void blanks() {
        while (!end()) {
            if (peek() == ' ' || peek() == '\t') {
                at++;
            } else if (peek() == '\\' && peek(1) == '\n') {
                at += 2;
                line++;
            } else if (peek() == '#') {
                while (!end() && peek() != '\n') {
                    at++;
                }
            } else {
                return;
            }
        }
    }

    private void newline() throws SyntaxError {
        at++;
        line++;
        for (HereDocument document : List.copyOf(pending)) {
            read(document);
        }
        pending.clear();
    }

    private void newlines() throws SyntaxError {
        blanks();
        while (peek() == '\n' && !end()) {
            newline();
            blanks();
        }
    }

    private void read(HereDocument document) throws SyntaxError {
        var body = new StringBuilder();
        while (!end()) {
            int stop = text.indexOf('\n', at);
            String one = text.substring(at, stop < 0 ? text.length() : stop);
            at = stop < 0 ? text.length() : stop + 1;
            line++;
            if (document.tabs) {
                one = one.replaceFirst("^\t+", "");
            }
            if (one.equals(document.delimiter)) {
                break;
            }
            body.append(one).append('\n');
        }
        Word word = document.quoted
                ? new Word(List.of(new Part.Text(body.toString(), true)))
                : new Parser(body.toString(), line).hereText();
        Redirection before = document.redirections.get(document.index);
        document.redirections.set(document.index, new Redirection(before.fd(), "<<", word));
    }

    private Word hereText() throws SyntaxError {
        var parts = new ArrayList<Part>();
        inQuotes(parts, '\0');
        return new Word(parts);
    }

    /** A reserved word, only where a command may begin. */
    private @Nullable String reserved() {
        String token = tokenHere();
        return switch (token) {
            case "if",
                    "then",
                    "else",
                    "elif",
                    "fi",
                    "do",
                    "done",
                    "case",
                    "esac",
                    "while",
                    "until",
                    "for",
                    "{",
                    "}",
                    "!" -> token;
            default -> null;
        };
    }

    private Ast sequence() throws SyntaxError {
        var items = new ArrayList<Item>();
        while (true) {
            newlines();
            if (end() || peek() == ')' || starts(";;")) {
                break;
            }
            String reserved = reserved();
            if (reserved != null && CLOSERS.contains(reserved)) {
                break;
            }
            Ast command = andOr();
            blanks();
            if (peek() == '&' && peek(1) != '&') {
                at++;
                items.add(new Item(command, true));
            } else {
                items.add(new Item(command, false));
                if (peek() == ';' && peek(1) != ';') {
                    at++;
                } else if (peek() != '\n') {
                    break;
                }
            }
        }
        return new Sequence(items);
    }

    private Ast body(String closer) throws SyntaxError {
        Ast body = sequence();
        if (body instanceof Sequence(var items) && items.isEmpty()) {
            throw unexpected(tokenHere(), null);
        }
        expect(closer);
        return body;
    }

    private void expect(String word) throws SyntaxError {
        newlines();
        if (!word.equals(tokenHere())) {
            throw unexpected(tokenHere(), word);
        }
        at += word.length();
    }

    private Ast andOr() throws SyntaxError {
        Ast left = pipeline();
        while (true) {
            blanks();
            if (starts("&&") || starts("||")) {
                boolean and = peek() == '&';
                at += 2;
                newlines();
                left = new AndOr(left, and, pipeline());
            } else {
                return left;
            }
        }
    }

    private Ast pipeline() throws SyntaxError {
        blanks();
        boolean negated = false;
        while ("!".equals(reserved())) {
            negated = !negated;
            at++;
            blanks();
        }
        var stages = new ArrayList<Ast>();
        stages.add(command());
        blanks();
        while (peek() == '|' && peek(1) != '|') {
            at++;
            newlines();
            stages.add(command());
            blanks();
        }
        return stages.size() == 1 && !negated ? stages.getFirst() : new Pipeline(stages, negated);
    }

    private Ast command() throws SyntaxError {
        blanks();
        int begin = line;
        if (peek() == '(') {
            at++;
            Ast body = sequence();
            newlines();
            if (peek() != ')') {
                throw unexpected(tokenHere(), ")");
            }
            at++;
            return redirected(new Subshell(body), begin);
        }
        String reserved = reserved();
        if (reserved == null) {
            return simple();
        }
        return switch (reserved) {
            case "{" -> {
                at++;
                yield redirected(new Group(body("}")), begin);
            }
            case "if" -> {
                at += 2;
                yield redirected(conditional(), begin);
            }
            case "while", "until" -> {
                at += 5;
                Ast condition = body("do");
                yield redirected(new Loop(condition, reserved.equals("until"), body("done")), begin);
            }
            case "for" -> {
                at += 3;
                yield redirected(loop(), begin);
            }
            case "case" -> {
                at += 4;
                yield redirected(choice(), begin);
            }
            default -> throw unexpected(reserved, null);
        };
    }

    private Ast conditional() throws SyntaxError {
        Ast condition = body("then");
        Ast then = sequence();
        newlines();
        String next = tokenHere();
        return switch (next) {
            case "fi" -> {
                at += 2;
                yield new If(condition, then, null);
            }
            case "else" -> {
                at += 4;
                yield new If(condition, then, body("fi"));
            }
            case "elif" -> {
                at += 4;
                yield new If(condition, then, conditional());
            }
            default -> throw unexpected(next, "fi");
        };
    }

    private Ast loop() throws SyntaxError {
        blanks();
        String name = tokenHere();
        if (!isName(name)) {
            throw error("Bad for loop variable");
        }
        at += name.length();
        newlines();
        List<Word> words = null;
        if (tokenHere().equals("in")) {
            at += 2;
            words = new ArrayList<>();
            for (Word word = word(); word != null; word = word()) {
                words.add(word);
            }
        }
        blanks();
        if (peek() == ';') {
            at++;
        }
        expect("do");
        return new For(name, words, body("done"));
    }

    private Ast choice() throws SyntaxError {
        Word subject = word();
        if (subject == null) {
            throw unexpected();
        }
        expect("in");
        var arms = new ArrayList<Arm>();
        while (true) {
            newlines();
            if (tokenHere().equals("esac")) {
                at += 4;
                return new Case(subject, arms);
            }
            if (peek() == '(') {
                at++;
            }
            var patterns = new ArrayList<Word>();
            do {
                if (peek() == '|') {
                    at++;
                }
                Word pattern = word();
                if (pattern == null) {
                    throw unexpected(tokenHere(), null);
                }
                patterns.add(pattern);
                blanks();
            } while (peek() == '|');
            if (peek() != ')') {
                throw unexpected(tokenHere(), ")");
            }
            at++;
            arms.add(new Arm(patterns, sequence()));
            newlines();
            if (starts(";;")) {
                at += 2;
            } else if (!tokenHere().equals("esac")) {
                throw unexpected(tokenHere(), ";;");
            }
        }
    }

    private Ast redirected(Ast command, int begin) throws SyntaxError {
        var redirections = new ArrayList<Redirection>();
        while (redirection(redirections)) {}
        return redirections.isEmpty() ? command : new Redirected(command, redirections, begin);
    }

    private Ast simple() throws SyntaxError {
        int begin = line;
        var assignments = new ArrayList<Assignment>();
        var words = new ArrayList<Word>();
        var redirections = new ArrayList<Redirection>();
        while (true) {
            if (redirection(redirections)) {
                continue;
            }
            blanks();
            if (words.isEmpty()) {
                int equals = assignment();
                if (equals > 0) {
                    String name = text.substring(at, equals);
                    at = equals + 1;
                    Word value = META.indexOf(peek()) >= 0 || end() ? new Word(List.of()) : word();
                    assignments.add(new Assignment(name, value == null ? new Word(List.of()) : value));
                    continue;
                }
            }
            Word word = word();
            if (word == null) {
                break;
            }
            if (words.isEmpty() && assignments.isEmpty() && peek() == '(') {
                String name = literal(word);
                if (name != null && isName(name)) {
                    at++;
                    blanks();
                    if (peek() != ')') {
                        throw unexpected(tokenHere(), ")");
                    }
                    at++;
                    newlines();
                    return new Function(name, command());
                }
                throw error("\"(\" unexpected");
            }
            words.add(word);
        }
        if (assignments.isEmpty() && words.isEmpty() && redirections.isEmpty()) {
            throw unexpected();
        }
        return new Simple(begin, assignments, words, redirections);
    }

    private int assignment() {
        int to = at;
        while (to < text.length() && isNamePart(text.charAt(to))) {
            to++;
        }
        return to > at && to < text.length() && text.charAt(to) == '=' && !Character.isDigit(peek()) ? to : -1;
    }

    private boolean redirection(List<Redirection> into) throws SyntaxError {
        blanks();
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        char c = digits < text.length() ? text.charAt(digits) : '\0';
        if (c != '<' && c != '>') {
            return false;
        }
        int fd = digits > at ? Integer.parseInt(text.substring(at, digits)) : c == '<' ? 0 : 1;
        at = digits;
        String operator = String.valueOf(c);
        for (String two : List.of("<<", ">>", "<&", ">&", "<>", ">|")) {
            if (starts(two)) {
                operator = two;
            }
        }
        at += operator.length();
        boolean tabs = operator.equals("<<") && peek() == '-';
        if (tabs) {
            at++;
        }
        blanks();
        Word target = word();
        if (target == null) {
            throw unexpected(end() ? "" : tokenHere(), null);
        }
        into.add(new Redirection(fd, operator, target));
        if (operator.equals("<<")) {
            var delimiter = new StringBuilder();
            boolean quoted = false;
            for (Part part : target.parts()) {
                if (part instanceof Part.Text(String piece, boolean q)) {
                    delimiter.append(piece);
                    quoted |= q;
                }
            }
            pending.add(new HereDocument(delimiter.toString(), quoted, tabs, into, into.size() - 1));
        }
        return true;
    }

    private static @Nullable String literal(Word word) {
        return word.parts().size() == 1
                        && word.parts().getFirst() instanceof Part.Text(String text, boolean quoted)
                        && !quoted
                ? text
                : null;
    }

    static boolean isName(String s) {
        return !s.isEmpty() && !Character.isDigit(s.charAt(0)) && s.chars().allMatch(c -> isNamePart((char) c));
    }

    private static boolean isNamePart(char c) {
        return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** @return null where no word begins */
    private @Nullable Word word() throws SyntaxError {
        blanks();
        if (end() || META.indexOf(peek()) >= 0) {
            return null;
        }
        var parts = new ArrayList<Part>();
        unquoted(parts, META);
        return new Word(parts);
    }

    private void unquoted(List<Part> parts, String stops) throws SyntaxError {
        var plain = new StringBuilder();
        while (!end() && stops.indexOf(peek()) < 0) {
            char c = peek();
            switch (c) {
                case '\\' -> {
                    if (peek(1) == '\n') {
                        line++;
                    } else {
                        flush(parts, plain, false);
                        parts.add(new Part.Text(at + 1 < text.length() ? String.valueOf(peek(1)) : "\\", true));
                    }
                    at = Math.min(at + 2, text.length());
                }
                case '\'' -> {
                    flush(parts, plain, false);
                    int close = text.indexOf('\'', at + 1);
                    if (close < 0) {
                        throw error("Unterminated quoted string");
                    }
                    String quoted = text.substring(at + 1, close);
                    line += (int) quoted.chars().filter(x -> x == '\n').count();
                    parts.add(new Part.Text(quoted, true));
                    at = close + 1;
                }
                case '"' -> {
                    flush(parts, plain, false);
                    at++;
                    int before = parts.size();
                    inQuotes(parts, '"');
                    if (parts.size() == before) {
                        parts.add(new Part.Text("", true)); // "" is a word; "$@" without parameters is none
                    }
                }
                case '$', '`' -> {
                    flush(parts, plain, false);
                    dollar(parts, false);
                }
                default -> {
                    if (c == '\n') {
                        line++;
                    }
                    plain.append(c);
                    at++;
                }
            }
        }
        flush(parts, plain, false);
    }

    private static void flush(List<Part> parts, StringBuilder plain, boolean quoted) {
        if (!plain.isEmpty()) {
            parts.add(new Part.Text(plain.toString(), quoted));
            plain.setLength(0);
        }
    }

    /** Up to the closing character, which is swallowed; {@code \0} is the end of the text. */
    private void inQuotes(List<Part> parts, char close) throws SyntaxError {
        var plain = new StringBuilder();
        while (true) {
            if (end()) {
                if (close == '\0') {
                    flush(parts, plain, true);
                    return;
                }
                throw error(close == '}' ? "Missing '}'" : "Unterminated quoted string");
            }
            char c = peek();
            if (c == close) {
                flush(parts, plain, true);
                at++;
                return;
            }
            switch (c) {
                case '\\' -> {
                    char next = peek(1);
                    if (next == '\n') {
                        line++;
                    } else if (next == '$'
                            || next == '`'
                            || next == '\\'
                            || next == '"' && close != '\0'
                            || next == '}' && close == '}') {
                        plain.append(next);
                    } else {
                        plain.append('\\').append(next);
                    }
                    at += 2;
                }
                case '$', '`' -> {
                    flush(parts, plain, true);
                    dollar(parts, true);
                }
                case '"' -> {
                    if (close == '}') {
                        at++;
                        flush(parts, plain, true);
                        inQuotes(parts, '"');
                    } else {
                        plain.append(c);
                        at++;
                    }
                }
                default -> {
                    if (c == '\n') {
                        line++;
                    }
                    plain.append(c);
                    at++;
                }
            }
        }
    }

    private void dollar(List<Part> parts, boolean quoted) throws SyntaxError {
        if (peek() == '`') {
            parts.add(new Part.Substitution(backquoted(quoted), quoted));
            return;
        }
        at++;
        if (starts("((")) {
            int close = arithmeticEnd();
            if (close > 0) {
                String expression = text.substring(at + 2, close);
                parts.add(new Part.Arithmetic(new Parser(expression, line).hereText(), quoted));
                at = close + 2;
                return;
            }
        }
        char c = peek();
        if (c == '(') {
            at++;
            Ast body = sequence();
            newlines();
            if (peek() != ')' || end()) {
                throw unexpected(tokenHere(), ")");
            }
            at++;
            parts.add(new Part.Substitution(body, quoted));
        } else if (c == '{') {
            at++;
            parts.add(braced(quoted));
        } else if (c == '_' || Character.isLetter(c) && c < 128) {
            int from = at;
            while (!end() && isNamePart(peek())) {
                at++;
            }
            parts.add(new Part.Parameter(text.substring(from, at), "", null, quoted));
        } else if (!end() && (Character.isDigit(c) || "?$!#@*-".indexOf(c) >= 0)) {
            at++;
            parts.add(new Part.Parameter(String.valueOf(c), "", null, quoted));
        } else {
            parts.add(new Part.Text("$", quoted));
        }
    }

    private int arithmeticEnd() {
        int depth = 0;
        for (int i = at + 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                if (depth == 0) {
                    return i + 1 < text.length() && text.charAt(i + 1) == ')' ? i : -1;
                }
                depth--;
            }
        }
        return -1;
    }

    private Ast backquoted(boolean quoted) throws SyntaxError {
        var inner = new StringBuilder();
        at++;
        while (peek() != '`') {
            if (end()) {
                throw error("EOF in backquote substitution");
            }
            char next = peek(1);
            if (peek() == '\\' && (next == '`' || next == '\\' || next == '$' || next == '"' && quoted)) {
                at++;
            }
            inner.append(peek());
            at++;
        }
        at++;
        var parser = new Parser(inner.toString(), line);
        Ast body = parser.sequence();
        if (!parser.end()) {
            throw parser.unexpected();
        }
        return body;
    }

    private Part braced(boolean quoted) throws SyntaxError {
        if (peek() == '#' && peek(1) != '}') {
            at++;
            String name = parameterName();
            if (peek() != '}') {
                throw error("Bad substitution");
            }
            at++;
            return new Part.Parameter(name, "length", null, quoted);
        }
        String name = parameterName();
        if (peek() == '}') {
            at++;
            return new Part.Parameter(name, "", null, quoted);
        }
        String operator = null;
        for (String candidate : List.of(":-", ":=", ":?", ":+", "%%", "##", "-", "=", "?", "+", "%", "#")) {
            if (starts(candidate)) {
                operator = candidate;
                break;
            }
        }
        if (operator == null) {
            throw error("Bad substitution");
        }
        at += operator.length();
        var parts = new ArrayList<Part>();
        boolean pattern = operator.startsWith("%") || operator.startsWith("#");
        if (quoted && !pattern) {
            inQuotes(parts, '}');
        } else {
            unquoted(parts, "}");
            if (end()) {
                throw error("Missing '}'");
            }
            at++;
        }
        return new Part.Parameter(name, operator, new Word(parts), quoted);
    }

    private String parameterName() throws SyntaxError {
        int from = at;
        if (!end() && "?$!#@*-".indexOf(peek()) >= 0) {
            at++;
        } else {
            boolean number = Character.isDigit(peek());
            while (!end() && (number ? Character.isDigit(peek()) : isNamePart(peek()))) {
                at++;
            }
        }
        if (at == from) {
            throw error("Bad substitution");
        }
        return text.substring(from, at);
    }
}
