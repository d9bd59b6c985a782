package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host as somebody describes it, before anything is checked: by API, CSV or Ansible inventory, under the same rules.
 *
 * @param hostKey null or blank when nobody vouches for a key yet
 * @param labels null when nothing is said about labels
 */
public record HostDraft(
        @Nullable String name,
        @Nullable String address,
        @Nullable Integer port,
        @Nullable String user,
        @Nullable String credential,
        @Nullable String hostKey,
        @Nullable Map<String, String> labels) {

    public static final int DEFAULT_PORT = 22;
    public static final int MOST_LABELS = 64;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]+)?");
    private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9._@-]{0,63}\\$?");
    private static final Pattern CREDENTIAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,99}");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(passw|passphrase|secret|token|private_?key).*|(.*[_.-])?pass");

    /** Everything that is wrong, at once; empty if a host can be made of it. */
    public List<Flaw> flaws() {
        var flaws = new ArrayList<Flaw>();
        text(
                flaws,
                "name",
                name,
                NAME,
                "Use letters, digits, dots, hyphens and underscores, at most 253, as in kcm-01.");
        text(flaws, "address", address, ADDRESS, "Give a host name or an IP address, without port or user.");
        if (port != null && (port < 1 || port > 65535)) {
            flaws.add(new Flaw("port", "the port " + port + " does not exist", "Use 1 to 65535; 22 is SSH's own."));
        }
        text(flaws, "user", user, USER, "Give the account that Interlock logs in with, as in root or interlock.");
        text(
                flaws,
                "credential",
                credential,
                CREDENTIAL,
                "Give the name of a credential, as in fleet-key; never the secret itself.");
        if (hostKey != null && !hostKey.isBlank() && HostKey.of(hostKey).isEmpty()) {
            flaws.add(new Flaw(
                    "hostKey",
                    "this is not a public host key",
                    "Paste a line of ssh-keyscan without the address, as in ssh-ed25519 AAAA…"));
        }
        if (labels != null) {
            if (labels.size() > MOST_LABELS) {
                flaws.add(new Flaw(
                        "labels", labels.size() + " labels are too many", "Keep the " + MOST_LABELS + " that matter."));
            }
            labels.forEach((key, value) -> label(flaws, key, value));
        }
        return List.copyOf(flaws);
    }

    /** The host's settings. Only for a draft without {@link #flaws}. */
    public HostSettings settings() {
        return new HostSettings(
                given(name),
                given(address),
                port == null ? DEFAULT_PORT : port,
                given(user),
                given(credential),
                sorted(labels == null ? Map.of() : labels));
    }

    /** The key that somebody vouches for. */
    public @Nullable HostKey vouchedKey() {
        return hostKey == null || hostKey.isBlank() ? null : HostKey.of(hostKey).orElseThrow();
    }

    /** Whether a name smells of a secret, which has no place in an inventory. */
    public static boolean isSecret(String key) {
        return SECRET.matcher(key).matches();
    }

    private static void label(List<Flaw> flaws, String key, String value) {
        if (isSecret(key)) {
            flaws.add(new Flaw(
                    "labels." + key,
                    "a secret does not belong into an inventory",
                    "Store it as a credential and give its name as credential."));
        } else if (!LABEL.matcher(key).matches()) {
            flaws.add(new Flaw(
                    "labels." + key,
                    "a label cannot have this name",
                    "Use letters, digits, dots, slashes, hyphens and underscores."));
        } else if (value.length() > 1000) {
            flaws.add(new Flaw(
                    "labels." + key,
                    "the value has " + value.length() + " characters",
                    "Use at most 1000 characters."));
        } else if (value.indexOf('\u0000') >= 0) {
            flaws.add(new Flaw("labels." + key, "the value holds a NUL character", "Remove it."));
        }
    }

    private static void text(List<Flaw> flaws, String field, @Nullable String value, Pattern shape, String next) {
        if (value == null || value.isBlank()) {
            flaws.add(new Flaw(field, "the " + field + " is missing", next));
        } else if (!shape.matcher(value.strip()).matches()) {
            flaws.add(new Flaw(field, "'" + abbreviated(value) + "' cannot be the " + field, next));
        }
    }

    private static String abbreviated(String value) {
        return value.length() <= 60 ? value : value.substring(0, 60) + "…";
    }

    private static String given(@Nullable String value) {
        if (value == null) {
            throw new IllegalStateException("a draft with flaws has no settings");
        }
        return value.strip();
    }

    private static SortedMap<String, String> sorted(Map<String, String> labels) {
        return new TreeMap<>(labels);
    }
}
