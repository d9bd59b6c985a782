package dev.interlock.license.domain;

import java.util.Locale;
import java.util.regex.Pattern;

/** The code of one purchase, kept and compared exactly as it was received: case and dashes count (L10, L13). */
public record ActivationCode(String value) implements Comparable<ActivationCode> {
    public static final int LONGEST = 64;
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0," + (LONGEST - 1) + "}");

    private static final Pattern REGISTRATION = Pattern.compile("[A-Za-z0-9]{12}@[A-Za-z0-9]{4}(-[A-Za-z0-9]{4})+");

    public ActivationCode {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("not an activation code");
        }
    }

    public static boolean isWellFormed(String value) {
        return SHAPE.matcher(value).matches();
    }

    /** A registration code of cloud licensing, {@code ABCDEFGH1234@5678-9ABC-DEF0-1234}: no activation key (L7). */
    public static boolean isRegistrationCode(String value) {
        return REGISTRATION.matcher(value).matches();
    }

    /** What is left when case and dashes are forgotten: used only to say "did you mean", never to match. */
    public String likeness() {
        return value.replace("-", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(ActivationCode other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
