package dev.interlock.lab.shell;

/** {@code $(( … ))}: signed 64 bit, with assignment. */
final class Arithmetic {
    private final Shell shell;
    private final String text;
    private int at;

    Arithmetic(Shell shell, String text) {
        this.shell = shell;
        this.text = text;
    }

    long value() {
        if (text.isBlank()) {
            return 0;
        }
        long value = assignment();
        blanks();
        if (at < text.length()) {
            throw syntax();
        }
        return value;
    }

    private Shell.Fatal syntax() {
        return new Shell.Fatal(
                "arithmetic expression: expecting " + (at < text.length() ? "EOF" : "primary") + ": \"" + text + "\"");
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean take(String token, String notBefore) {
        blanks();
        if (text.startsWith(token, at)
                && (at + token.length() >= text.length() || notBefore.indexOf(text.charAt(at + token.length())) < 0)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private long assignment() {
        blanks();
        int begin = at;
        String name = name();
        if (!name.isEmpty()) {
            for (String operator : new String[] {"=", "+=", "-=", "*=", "/=", "%="}) {
                if (take(operator, "=")) {
                    long right = assignment();
                    long left = operator.equals("=") ? 0 : variable(name);
                    long result = switch (operator) {
                        case "+=" -> left + right;
                        case "-=" -> left - right;
                        case "*=" -> left * right;
                        case "/=" -> divide(left, right, false);
                        case "%=" -> divide(left, right, true);
                        default -> right;
                    };
                    shell.set(name, Long.toString(result));
                    return result;
                }
            }
        }
        at = begin;
        return conditional();
    }

    private long conditional() {
        long test = or();
        if (!take("?", "")) {
            return test;
        }
        long yes = assignment();
        if (!take(":", "")) {
            throw syntax();
        }
        long no = assignment();
        return test != 0 ? yes : no;
    }

    private long or() {
        long left = and();
        while (take("||", "")) {
            long right = and();
            left = left != 0 || right != 0 ? 1 : 0;
        }
        return left;
    }

    private long and() {
        long left = bits();
        while (take("&&", "")) {
            long right = bits();
            left = left != 0 && right != 0 ? 1 : 0;
        }
        return left;
    }

    private long bits() {
        long left = equality();
        while (true) {
            if (take("|", "|=")) {
                left |= equality();
            } else if (take("&", "&=")) {
                left &= equality();
            } else if (take("^", "=")) {
                left ^= equality();
            } else {
                return left;
            }
        }
    }

    private long equality() {
        long left = comparison();
        while (true) {
            if (take("==", "")) {
                left = left == comparison() ? 1 : 0;
            } else if (take("!=", "")) {
                left = left != comparison() ? 1 : 0;
            } else {
                return left;
            }
        }
    }

    private long comparison() {
        long left = shift();
        while (true) {
            if (take("<=", "")) {
                left = left <= shift() ? 1 : 0;
            } else if (take(">=", "")) {
                left = left >= shift() ? 1 : 0;
            } else if (take("<", "<")) {
                left = left < shift() ? 1 : 0;
            } else if (take(">", ">")) {
                left = left > shift() ? 1 : 0;
            } else {
                return left;
            }
        }
    }

    private long shift() {
        long left = sum();
        while (true) {
            if (take("<<", "=")) {
                left <<= sum();
            } else if (take(">>", "=")) {
                left >>= sum();
            } else {
                return left;
            }
        }
    }

    private long sum() {
        long left = product();
        while (true) {
            if (take("+", "=")) {
                left += product();
            } else if (take("-", "=")) {
                left -= product();
            } else {
                return left;
            }
        }
    }

    private long product() {
        long left = unary();
        while (true) {
            if (take("*", "=")) {
                left *= unary();
            } else if (take("/", "=")) {
                left = divide(left, unary(), false);
            } else if (take("%", "=")) {
                left = divide(left, unary(), true);
            } else {
                return left;
            }
        }
    }

    private static long divide(long left, long right, boolean rest) {
        if (right == 0) {
            throw new Shell.Fatal("arithmetic expression: division by zero");
        }
        return rest ? left % right : left / right;
    }

    private long unary() {
        if (take("!", "=")) {
            return unary() == 0 ? 1 : 0;
        }
        if (take("-", "")) {
            return -unary();
        }
        if (take("+", "")) {
            return unary();
        }
        if (take("~", "")) {
            return ~unary();
        }
        if (take("(", "")) {
            long value = assignment();
            if (!take(")", "")) {
                throw syntax();
            }
            return value;
        }
        blanks();
        int from = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        if (at > from && Character.isDigit(text.charAt(from))) {
            try {
                return Long.decode(text.substring(from, at));
            } catch (NumberFormatException e) {
                throw syntax();
            }
        }
        at = from;
        String name = name();
        if (name.isEmpty()) {
            throw syntax();
        }
        return variable(name);
    }

    private String name() {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at > from && Character.isDigit(text.charAt(from))) {
            at = from;
        }
        return text.substring(from, at);
    }

    private long variable(String name) {
        String value = shell.variables.get(name);
        if (value == null && shell.nounset) {
            throw new Shell.Fatal(name + ": parameter not set");
        }
        if (value == null || value.isBlank()) {
            return 0;
        }
        try {
            return Long.decode(value.trim());
        } catch (NumberFormatException e) {
            throw new Shell.Fatal("Illegal number: " + value);
        }
    }
}
