package dev.interlock.lab.shell;

import dev.interlock.lab.machine.FileSystem;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code test} and {@code [}. */
final class Test {
    private static final Set<String> BINARY =
            Set.of("=", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "<", ">");

    /** What test cannot make sense of. */
    private static final class Unclear extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unclear(String message) {
            super(message, null, false, false);
        }
    }

    private final Shell shell;
    private final String name;
    private final List<String> words;
    private int at;

    Test(Shell shell, String name, List<String> words) {
        this.shell = shell;
        this.name = name;
        this.words = words;
    }

    int run() throws IOException {
        if (words.isEmpty()) {
            return 1;
        }
        try {
            boolean result = words.size() == 1 ? !words.getFirst().isEmpty() : or();
            if (at < words.size() && words.size() > 1) {
                throw new Unclear(words.get(at) + ": unexpected operator");
            }
            return result ? 0 : 1;
        } catch (Unclear e) {
            shell.complain(name + ": " + e.getMessage());
            return 2;
        }
    }

    private boolean or() {
        boolean left = and();
        while (at < words.size() && words.get(at).equals("-o")) {
            at++;
            boolean right = and();
            left |= right;
        }
        return left;
    }

    private boolean and() {
        boolean left = not();
        while (at < words.size() && words.get(at).equals("-a")) {
            at++;
            boolean right = not();
            left &= right;
        }
        return left;
    }

    private boolean not() {
        if (at < words.size()
                && words.get(at).equals("!")
                && !(at + 1 < words.size() && BINARY.contains(words.get(at + 1)) && words.size() - at == 3)) {
            at++;
            return !not();
        }
        return primary();
    }

    private boolean primary() {
        if (at >= words.size()) {
            throw new Unclear("argument expected");
        }
        String word = words.get(at);
        if (at + 2 < words.size() && BINARY.contains(words.get(at + 1))) {
            String right = words.get(at + 2);
            String operator = words.get(at + 1);
            at += 3;
            return binary(word, operator, right);
        }
        if (word.equals("(")) {
            at++;
            boolean inner = or();
            if (at >= words.size() || !words.get(at).equals(")")) {
                throw new Unclear("closing paren expected");
            }
            at++;
            return inner;
        }
        if (word.length() == 2
                && word.charAt(0) == '-'
                && "bcdefghknpqrstuwxzLSGO".indexOf(word.charAt(1)) >= 0
                && at + 1 < words.size()) {
            String operand = words.get(at + 1);
            at += 2;
            return unary(word.charAt(1), operand);
        }
        at++;
        return !word.isEmpty();
    }

    private boolean unary(char operator, String operand) {
        FileSystem files = shell.machine.files();
        String path = FileSystem.absolute(shell.cwd, operand);
        int uid = shell.process.uid();
        if (operator != 'n' && operator != 'z' && operand.isEmpty()) {
            return false;
        }
        return switch (operator) {
            case 'n' -> !operand.isEmpty();
            case 'z' -> operand.isEmpty();
            case 'e' -> files.exists(path);
            case 'f' -> files.find(path, true) instanceof FileSystem.RegularFile;
            case 'd' -> files.isDirectory(path);
            case 'c' -> files.find(path, true) instanceof FileSystem.Device;
            case 'h', 'L' -> files.find(path, false) instanceof FileSystem.Symlink;
            case 's' -> {
                FileSystem.Node node = files.find(path, true);
                yield node != null && files.size(node) > 0;
            }
            case 'r' -> files.access(path, uid, 4);
            case 'w' -> files.access(path, uid, 2);
            case 'x' -> files.isDirectory(path) ? files.access(path, uid, 1) : files.isExecutable(path, uid);
            case 't' -> false;
            case 'O' -> {
                FileSystem.Node node = files.find(path, true);
                yield node != null && node.owner() == uid;
            }
            default -> false;
        };
    }

    private boolean binary(String left, String operator, String right) {
        FileSystem files = shell.machine.files();
        return switch (operator) {
            case "=" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "<" -> left.compareTo(right) < 0;
            case ">" -> left.compareTo(right) > 0;
            case "-eq" -> number(left) == number(right);
            case "-ne" -> number(left) != number(right);
            case "-lt" -> number(left) < number(right);
            case "-le" -> number(left) <= number(right);
            case "-gt" -> number(left) > number(right);
            case "-ge" -> number(left) >= number(right);
            default -> {
                FileSystem.Node a = files.find(FileSystem.absolute(shell.cwd, left), true);
                FileSystem.Node b = files.find(FileSystem.absolute(shell.cwd, right), true);
                yield switch (operator) {
                    case "-ef" -> a != null && a == b;
                    case "-nt" -> a != null && (b == null || a.modified().isAfter(b.modified()));
                    default -> b != null && (a == null || a.modified().isBefore(b.modified()));
                };
            }
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw new Unclear("Illegal number: " + text);
        }
    }
}
