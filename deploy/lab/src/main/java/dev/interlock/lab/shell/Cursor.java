package dev.interlock.lab.shell;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The place in a script up to which it is read: what stands there, and how to say that it should not. */
final class Cursor {
    /** What ends a word unless it is quoted. */
    static final String META = " \t\n;&|<>()";

    /** The reserved words that end a list of commands. */
    static final Set<String> CLOSERS = Set.of("then", "fi", "do", "done", "elif", "else", "esac", "}");

    final String text;
    int at;
    int line;

    Cursor(String text, int line) {
        this.text = text;
        this.line = line;
    }

    boolean end() {
        return at >= text.length();
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    boolean starts(String token) {
        return text.startsWith(token, at);
    }

    /** The operator or the unquoted word here, unread; empty at the end. */
    String token() {
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
        int to = at;
        while (to < text.length() && META.indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return text.substring(at, to);
    }

    /** Reads over blanks, continued lines and a comment. */
    void blanks() {
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

    /** Reads the rest of the line, its end included. */
    String restOfLine() {
        int stop = text.indexOf('\n', at);
        String rest = text.substring(at, stop < 0 ? text.length() : stop);
        at = stop < 0 ? text.length() : stop + 1;
        line++;
        return rest;
    }

    SyntaxError error(String message) {
        return new SyntaxError(line, message);
    }

    SyntaxError unexpected() {
        return end() ? error("end of file unexpected") : unexpected(token(), null);
    }

    SyntaxError unexpected(String token, @Nullable String expected) {
        String what = switch (token) {
            case "" -> "end of file";
            case "\n" -> "newline";
            default -> META.indexOf(token.charAt(0)) >= 0 || CLOSERS.contains(token) ? "\"" + token + "\"" : "word";
        };
        return error(what + " unexpected" + (expected == null ? "" : " (expecting \"" + expected + "\")"));
    }
}
