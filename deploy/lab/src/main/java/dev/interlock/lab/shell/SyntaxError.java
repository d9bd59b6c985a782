package dev.interlock.lab.shell;

/** A script that is not one. */
public final class SyntaxError extends Exception {
    private static final long serialVersionUID = 1;
    private final int line;

    SyntaxError(int line, String message) {
        super("Syntax error: " + message, null, false, false);
        this.line = line;
    }

    public int line() {
        return line;
    }
}
