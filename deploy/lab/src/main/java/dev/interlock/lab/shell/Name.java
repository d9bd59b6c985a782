package dev.interlock.lab.shell;

/** The names that variables and functions may have. */
final class Name {
    private Name() {}

    static boolean isValid(String s) {
        return !s.isEmpty() && !Character.isDigit(s.charAt(0)) && s.chars().allMatch(c -> isPart((char) c));
    }

    static boolean isPart(char c) {
        return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
