package dev.interlock.lab.shell;

import dev.interlock.lab.shell.Ast.Part;
import dev.interlock.lab.shell.Ast.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads words: quotes, parameters, substitutions, arithmetic. */
final class WordParser {
    private final Cursor cursor;
    private final Parser commands;

    WordParser(Cursor cursor, Parser commands) {
        this.cursor = cursor;
        this.commands = commands;
    }

    /** @return null where no word begins */
    @Nullable
    Word word() throws SyntaxError {
        cursor.blanks();
        if (cursor.end() || Cursor.META.indexOf(cursor.peek()) >= 0) {
            return null;
        }
        var parts = new ArrayList<Part>();
        unquoted(parts, Cursor.META);
        return new Word(parts);
    }

    /** All the text there is, as if it stood in quotes, which themselves have no meaning in it. */
    Word hereText() throws SyntaxError {
        var parts = new ArrayList<Part>();
        inQuotes(parts, '\0');
        return new Word(parts);
    }

    private void unquoted(List<Part> parts, String stops) throws SyntaxError {
        var plain = new StringBuilder();
        while (!cursor.end() && stops.indexOf(cursor.peek()) < 0) {
            char c = cursor.peek();
            switch (c) {
                case '\\' -> {
                    if (cursor.peek(1) == '\n') {
                        cursor.line++;
                    } else {
                        flush(parts, plain, false);
                        parts.add(new Part.Text(
                                cursor.at + 1 < cursor.text.length() ? String.valueOf(cursor.peek(1)) : "\\", true));
                    }
                    cursor.at = Math.min(cursor.at + 2, cursor.text.length());
                }
                case '\'' -> {
                    flush(parts, plain, false);
                    int close = cursor.text.indexOf('\'', cursor.at + 1);
                    if (close < 0) {
                        throw cursor.error("Unterminated quoted string");
                    }
                    String quoted = cursor.text.substring(cursor.at + 1, close);
                    cursor.line += (int) quoted.chars().filter(x -> x == '\n').count();
                    parts.add(new Part.Text(quoted, true));
                    cursor.at = close + 1;
                }
                case '"' -> {
                    flush(parts, plain, false);
                    cursor.at++;
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
                        cursor.line++;
                    }
                    plain.append(c);
                    cursor.at++;
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
            if (cursor.end()) {
                if (close == '\0') {
                    flush(parts, plain, true);
                    return;
                }
                throw cursor.error(close == '}' ? "Missing '}'" : "Unterminated quoted string");
            }
            char c = cursor.peek();
            if (c == close) {
                flush(parts, plain, true);
                cursor.at++;
                return;
            }
            switch (c) {
                case '\\' -> {
                    char next = cursor.peek(1);
                    if (next == '\n') {
                        cursor.line++;
                    } else if (next == '$'
                            || next == '`'
                            || next == '\\'
                            || next == '"' && close != '\0'
                            || next == '}' && close == '}') {
                        plain.append(next);
                    } else {
                        plain.append('\\').append(next);
                    }
                    cursor.at += 2;
                }
                case '$', '`' -> {
                    flush(parts, plain, true);
                    dollar(parts, true);
                }
                case '"' -> {
                    if (close == '}') {
                        cursor.at++;
                        flush(parts, plain, true);
                        inQuotes(parts, '"');
                    } else {
                        plain.append(c);
                        cursor.at++;
                    }
                }
                default -> {
                    if (c == '\n') {
                        cursor.line++;
                    }
                    plain.append(c);
                    cursor.at++;
                }
            }
        }
    }

    private void dollar(List<Part> parts, boolean quoted) throws SyntaxError {
        if (cursor.peek() == '`') {
            parts.add(new Part.Substitution(backquoted(quoted), quoted));
            return;
        }
        cursor.at++;
        if (cursor.starts("((")) {
            int close = arithmeticEnd();
            if (close > 0) {
                String expression = cursor.text.substring(cursor.at + 2, close);
                parts.add(new Part.Arithmetic(Parser.hereText(expression, cursor.line), quoted));
                cursor.at = close + 2;
                return;
            }
        }
        char c = cursor.peek();
        if (c == '(') {
            parts.add(new Part.Substitution(commands.inParentheses(), quoted));
        } else if (c == '{') {
            cursor.at++;
            parts.add(braced(quoted));
        } else if (c == '_' || Character.isLetter(c) && c < 128) {
            int from = cursor.at;
            while (!cursor.end() && Name.isPart(cursor.peek())) {
                cursor.at++;
            }
            parts.add(new Part.Parameter(cursor.text.substring(from, cursor.at), "", null, quoted));
        } else if (!cursor.end() && (Character.isDigit(c) || "?$!#@*-".indexOf(c) >= 0)) {
            cursor.at++;
            parts.add(new Part.Parameter(String.valueOf(c), "", null, quoted));
        } else {
            parts.add(new Part.Text("$", quoted));
        }
    }

    private int arithmeticEnd() {
        int depth = 0;
        for (int i = cursor.at + 2; i < cursor.text.length(); i++) {
            char c = cursor.text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                if (depth == 0) {
                    return i + 1 < cursor.text.length() && cursor.text.charAt(i + 1) == ')' ? i : -1;
                }
                depth--;
            }
        }
        return -1;
    }

    private Ast backquoted(boolean quoted) throws SyntaxError {
        var inner = new StringBuilder();
        cursor.at++;
        while (cursor.peek() != '`') {
            if (cursor.end()) {
                throw cursor.error("EOF in backquote substitution");
            }
            char next = cursor.peek(1);
            if (cursor.peek() == '\\' && (next == '`' || next == '\\' || next == '$' || next == '"' && quoted)) {
                cursor.at++;
            }
            inner.append(cursor.peek());
            cursor.at++;
        }
        cursor.at++;
        return Parser.parse(inner.toString(), cursor.line);
    }

    private Part braced(boolean quoted) throws SyntaxError {
        if (cursor.peek() == '#' && cursor.peek(1) != '}') {
            cursor.at++;
            String name = parameterName();
            if (cursor.peek() != '}') {
                throw cursor.error("Bad substitution");
            }
            cursor.at++;
            return new Part.Parameter(name, "length", null, quoted);
        }
        String name = parameterName();
        if (cursor.peek() == '}') {
            cursor.at++;
            return new Part.Parameter(name, "", null, quoted);
        }
        String operator = null;
        for (String candidate : List.of(":-", ":=", ":?", ":+", "%%", "##", "-", "=", "?", "+", "%", "#")) {
            if (cursor.starts(candidate)) {
                operator = candidate;
                break;
            }
        }
        if (operator == null) {
            throw cursor.error("Bad substitution");
        }
        cursor.at += operator.length();
        var parts = new ArrayList<Part>();
        boolean pattern = operator.startsWith("%") || operator.startsWith("#");
        if (quoted && !pattern) {
            inQuotes(parts, '}');
        } else {
            unquoted(parts, "}");
            if (cursor.end()) {
                throw cursor.error("Missing '}'");
            }
            cursor.at++;
        }
        return new Part.Parameter(name, operator, new Word(parts), quoted);
    }

    private String parameterName() throws SyntaxError {
        int from = cursor.at;
        if (!cursor.end() && "?$!#@*-".indexOf(cursor.peek()) >= 0) {
            cursor.at++;
        } else {
            boolean number = Character.isDigit(cursor.peek());
            while (!cursor.end() && (number ? Character.isDigit(cursor.peek()) : Name.isPart(cursor.peek()))) {
                cursor.at++;
            }
        }
        if (cursor.at == from) {
            throw cursor.error("Bad substitution");
        }
        return cursor.text.substring(from, cursor.at);
    }
}
