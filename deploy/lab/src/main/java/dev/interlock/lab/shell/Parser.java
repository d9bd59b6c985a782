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
import org.jspecify.annotations.Nullable;

/** Reads a script, command by command. Scannerless: the shell's tokens depend on where they stand. */
final class Parser {
    private final Cursor cursor;
    private final WordParser words;
    private final RedirectionParser redirects;

    private Parser(String text, int line) {
        cursor = new Cursor(text, line);
        words = new WordParser(cursor, this);
        redirects = new RedirectionParser(cursor, words);
    }

    static Ast parse(String script) throws SyntaxError {
        return parse(script, 1);
    }

    static Ast parse(String script, int line) throws SyntaxError {
        var parser = new Parser(script, line);
        Ast ast = parser.sequence();
        if (!parser.cursor.end()) {
            throw parser.cursor.unexpected();
        }
        return ast;
    }

    /** The text of a here-document or of an arithmetic expression. */
    static Word hereText(String text, int line) throws SyntaxError {
        return new Parser(text, line).words.hereText();
    }

    private void newlines() throws SyntaxError {
        cursor.blanks();
        while (cursor.peek() == '\n' && !cursor.end()) {
            cursor.at++;
            cursor.line++;
            redirects.hereDocuments();
            cursor.blanks();
        }
    }

    /** A reserved word, only where a command may begin. */
    private @Nullable String reserved() {
        String token = cursor.token();
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
            if (cursor.end() || cursor.peek() == ')' || cursor.starts(";;")) {
                break;
            }
            String reserved = reserved();
            if (reserved != null && Cursor.CLOSERS.contains(reserved)) {
                break;
            }
            Ast command = andOr();
            cursor.blanks();
            if (cursor.peek() == '&' && cursor.peek(1) != '&') {
                cursor.at++;
                items.add(new Item(command, true));
            } else {
                items.add(new Item(command, false));
                if (cursor.peek() == ';' && cursor.peek(1) != ';') {
                    cursor.at++;
                } else if (cursor.peek() != '\n') {
                    break;
                }
            }
        }
        return new Sequence(items);
    }

    private Ast body(String closer) throws SyntaxError {
        Ast body = sequence();
        if (body instanceof Sequence(var items) && items.isEmpty()) {
            throw cursor.unexpected(cursor.token(), null);
        }
        expect(closer);
        return body;
    }

    private void expect(String word) throws SyntaxError {
        newlines();
        if (!word.equals(cursor.token())) {
            throw cursor.unexpected(cursor.token(), word);
        }
        cursor.at += word.length();
    }

    private Ast andOr() throws SyntaxError {
        Ast left = pipeline();
        while (true) {
            cursor.blanks();
            if (cursor.starts("&&") || cursor.starts("||")) {
                boolean and = cursor.peek() == '&';
                cursor.at += 2;
                newlines();
                left = new AndOr(left, and, pipeline());
            } else {
                return left;
            }
        }
    }

    private Ast pipeline() throws SyntaxError {
        cursor.blanks();
        boolean negated = false;
        while ("!".equals(reserved())) {
            negated = !negated;
            cursor.at++;
            cursor.blanks();
        }
        var stages = new ArrayList<Ast>();
        stages.add(command());
        cursor.blanks();
        while (cursor.peek() == '|' && cursor.peek(1) != '|') {
            cursor.at++;
            newlines();
            stages.add(command());
            cursor.blanks();
        }
        return stages.size() == 1 && !negated ? stages.getFirst() : new Pipeline(stages, negated);
    }

    private Ast command() throws SyntaxError {
        cursor.blanks();
        int begin = cursor.line;
        if (cursor.peek() == '(') {
            return redirected(new Subshell(inParentheses()), begin);
        }
        String reserved = reserved();
        if (reserved == null) {
            return simple();
        }
        return switch (reserved) {
            case "{" -> {
                cursor.at++;
                yield redirected(new Group(body("}")), begin);
            }
            case "if" -> {
                cursor.at += 2;
                yield redirected(conditional(), begin);
            }
            case "while", "until" -> {
                cursor.at += 5;
                Ast condition = body("do");
                yield redirected(new Loop(condition, reserved.equals("until"), body("done")), begin);
            }
            case "for" -> {
                cursor.at += 3;
                yield redirected(loop(), begin);
            }
            case "case" -> {
                cursor.at += 4;
                yield redirected(choice(), begin);
            }
            default -> throw cursor.unexpected(reserved, null);
        };
    }

    /** The commands of a subshell or a substitution, with the parentheses around them. */
    Ast inParentheses() throws SyntaxError {
        cursor.at++;
        Ast body = sequence();
        newlines();
        if (cursor.peek() != ')') {
            throw cursor.unexpected(cursor.token(), ")");
        }
        cursor.at++;
        return body;
    }

    private Ast conditional() throws SyntaxError {
        Ast condition = body("then");
        Ast then = sequence();
        newlines();
        String next = cursor.token();
        return switch (next) {
            case "fi" -> {
                cursor.at += 2;
                yield new If(condition, then, null);
            }
            case "else" -> {
                cursor.at += 4;
                yield new If(condition, then, body("fi"));
            }
            case "elif" -> {
                cursor.at += 4;
                yield new If(condition, then, conditional());
            }
            default -> throw cursor.unexpected(next, "fi");
        };
    }

    private Ast loop() throws SyntaxError {
        cursor.blanks();
        String name = cursor.token();
        if (!Name.isValid(name)) {
            throw cursor.error("Bad for loop variable");
        }
        cursor.at += name.length();
        newlines();
        List<Word> values = null;
        if (cursor.token().equals("in")) {
            cursor.at += 2;
            values = new ArrayList<>();
            for (Word word = words.word(); word != null; word = words.word()) {
                values.add(word);
            }
        }
        cursor.blanks();
        if (cursor.peek() == ';') {
            cursor.at++;
        }
        expect("do");
        return new For(name, values, body("done"));
    }

    private Ast choice() throws SyntaxError {
        Word subject = words.word();
        if (subject == null) {
            throw cursor.unexpected();
        }
        expect("in");
        var arms = new ArrayList<Arm>();
        while (true) {
            newlines();
            if (cursor.token().equals("esac")) {
                cursor.at += 4;
                return new Case(subject, arms);
            }
            if (cursor.peek() == '(') {
                cursor.at++;
            }
            var patterns = new ArrayList<Word>();
            do {
                if (cursor.peek() == '|') {
                    cursor.at++;
                }
                Word pattern = words.word();
                if (pattern == null) {
                    throw cursor.unexpected(cursor.token(), null);
                }
                patterns.add(pattern);
                cursor.blanks();
            } while (cursor.peek() == '|');
            if (cursor.peek() != ')') {
                throw cursor.unexpected(cursor.token(), ")");
            }
            cursor.at++;
            arms.add(new Arm(patterns, sequence()));
            newlines();
            if (cursor.starts(";;")) {
                cursor.at += 2;
            } else if (!cursor.token().equals("esac")) {
                throw cursor.unexpected(cursor.token(), ";;");
            }
        }
    }

    private Ast redirected(Ast command, int begin) throws SyntaxError {
        var redirections = new ArrayList<Redirection>();
        while (redirects.next(redirections)) {}
        return redirections.isEmpty() ? command : new Redirected(command, redirections, begin);
    }

    private Ast simple() throws SyntaxError {
        int begin = cursor.line;
        var assignments = new ArrayList<Assignment>();
        var argv = new ArrayList<Word>();
        var redirections = new ArrayList<Redirection>();
        while (true) {
            if (redirects.next(redirections)) {
                continue;
            }
            cursor.blanks();
            if (argv.isEmpty()) {
                int equals = assignment();
                if (equals > 0) {
                    String name = cursor.text.substring(cursor.at, equals);
                    cursor.at = equals + 1;
                    Word value = Cursor.META.indexOf(cursor.peek()) >= 0 || cursor.end()
                            ? new Word(List.of())
                            : words.word();
                    assignments.add(new Assignment(name, value == null ? new Word(List.of()) : value));
                    continue;
                }
            }
            Word word = words.word();
            if (word == null) {
                break;
            }
            if (argv.isEmpty() && assignments.isEmpty() && cursor.peek() == '(') {
                String name = literal(word);
                if (name != null && Name.isValid(name)) {
                    cursor.at++;
                    cursor.blanks();
                    if (cursor.peek() != ')') {
                        throw cursor.unexpected(cursor.token(), ")");
                    }
                    cursor.at++;
                    newlines();
                    return new Function(name, command());
                }
                throw cursor.error("\"(\" unexpected");
            }
            argv.add(word);
        }
        if (assignments.isEmpty() && argv.isEmpty() && redirections.isEmpty()) {
            throw cursor.unexpected();
        }
        return new Simple(begin, assignments, argv, redirections);
    }

    private int assignment() {
        int to = cursor.at;
        while (to < cursor.text.length() && Name.isPart(cursor.text.charAt(to))) {
            to++;
        }
        return to > cursor.at
                        && to < cursor.text.length()
                        && cursor.text.charAt(to) == '='
                        && !Character.isDigit(cursor.peek())
                ? to
                : -1;
    }

    private static @Nullable String literal(Word word) {
        return word.parts().size() == 1
                        && word.parts().getFirst() instanceof Part.Text(String text, boolean quoted)
                        && !quoted
                ? text
                : null;
    }
}
