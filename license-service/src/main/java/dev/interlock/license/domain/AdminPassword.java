package dev.interlock.license.domain;

import java.util.ArrayList;
import java.util.List;

/** The vendor's rules for the administrator's password of a license server (L39, L40). */
public final class AdminPassword {
    /** Of every new installation: public knowledge, to be changed at once. */
    private static final String INITIAL = "1P@ssw0rd!";

    private static final String FORBIDDEN = "'\"\\ ";

    private AdminPassword() {}

    public static boolean isInitial(String password) {
        return password.equals(INITIAL);
    }

    /** What is wrong with it, without saying any of it; empty if nothing is. */
    public static List<String> flaws(String password) {
        var flaws = new ArrayList<String>();
        if (password.length() < 8 || password.length() > 30) {
            flaws.add("it has not 8 to 30 characters");
        }
        if (password.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            flaws.add("it has no lower-case letter");
        }
        if (password.chars().noneMatch(c -> c >= 'A' && c <= 'Z')) {
            flaws.add("it has no upper-case letter");
        }
        if (password.chars().noneMatch(c -> c >= '0' && c <= '9')) {
            flaws.add("it has no digit");
        }
        if (password.chars().noneMatch(c -> c > ' ' && c < 127 && !Character.isLetterOrDigit(c))) {
            flaws.add("it has no symbol");
        }
        if (password.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0)) {
            flaws.add("it has a single or double quote, a backslash or a space");
        }
        return flaws;
    }
}
