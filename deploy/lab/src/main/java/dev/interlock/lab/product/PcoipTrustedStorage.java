package dev.interlock.lab.product;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Machine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A license server's trusted storage: on the machine's disk, so it outlives a crash and an upgrade, and sealed to its place and
 * its machine, so that it counts as corrupt when it is moved or modified (L9). Its inner form is the lab's own.
 */
final class PcoipTrustedStorage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "/trustedstorage.db";

    /** Licenses of one activation code. */
    record License(String code, String feature, int count, String expires) {}

    /**
     * @param password the administrator's, hashed
     * @param writtenBy the version of the product that wrote last: an older one cannot read it (L53)
     * @param responses those applied, so that none is applied twice
     */
    record Content(String password, String writtenBy, List<License> licenses, List<String> responses) {
        Content {
            licenses = List.copyOf(licenses);
            responses = List.copyOf(responses);
        }

        Content withPassword(String hash) {
            return new Content(hash, writtenBy, licenses, responses);
        }

        Content writtenBy(String version) {
            return new Content(password, version, licenses, responses);
        }

        int count(String code) {
            return licenses.stream()
                    .filter(l -> l.code().equals(code))
                    .mapToInt(License::count)
                    .sum();
        }

        /** Sets the total for a code; 0 takes it away. */
        Content with(License license, @Nullable String response) {
            var all = new ArrayList<License>();
            boolean placed = false;
            for (License each : licenses) {
                if (each.code().equals(license.code())) {
                    placed = true;
                    all.add(license);
                } else {
                    all.add(each);
                }
            }
            if (!placed) {
                all.add(license);
            }
            all.removeIf(l -> l.count() == 0);
            var done = new ArrayList<>(responses);
            if (response != null) {
                done.add(response);
            }
            return new Content(password, writtenBy, all, done);
        }

        /** So many fewer of the first licenses. */
        Content without(int lost) {
            var all = new ArrayList<>(licenses);
            if (!all.isEmpty()) {
                License first = all.getFirst();
                all.set(
                        0,
                        new License(first.code(), first.feature(), Math.max(0, first.count() - lost), first.expires()));
            }
            all.removeIf(l -> l.count() == 0);
            return new Content(password, writtenBy, all, responses);
        }
    }

    private final Machine machine;
    private final String folder;

    PcoipTrustedStorage(Machine machine, String folder) {
        this.machine = machine;
        this.folder = folder;
    }

    String folder() {
        return folder;
    }

    boolean there() {
        return machine.files().exists(folder + FILE);
    }

    /** @return null when it is not there, was moved or was modified */
    @Nullable
    Content read() {
        try {
            String[] lines = machine.files().text(folder + FILE).split("\n", -1);
            if (lines.length < 3 || !lines[2].equals(seal(lines[1]))) {
                return null;
            }
            return JSON.readValue(
                    new String(Base64.getDecoder().decode(lines[1]), StandardCharsets.UTF_8), Content.class);
        } catch (Errno | JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    void write(Content content) {
        try {
            String body = Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(content));
            machine.files().put(folder + FILE, "FNETS 1\n", 0600); // so that its real path is known
            machine.files().put(folder + FILE, "FNETS 1\n" + body + "\n" + seal(body) + "\n", 0600);
        } catch (JsonProcessingException | Errno e) {
            throw new IllegalStateException(e);
        }
    }

    private String seal(String body) throws Errno {
        return sha256(
                body + machine.files().real(folder + FILE) + machine.files().text("/etc/machine-id"));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what goes wrong with it

    /** Somebody changes a byte. */
    void modify() {
        try {
            machine.files()
                    .put(
                            folder + FILE,
                            machine.files().text(folder + FILE).replaceFirst("FNETS 1\n.", "FNETS 1\n_"),
                            0600);
        } catch (Errno e) {
            throw new IllegalStateException(e);
        }
    }

    void move(boolean back) {
        try {
            if (back) {
                machine.files().rename(folder + ".moved", folder, 0);
            } else {
                machine.files().rename(folder, folder + ".moved", 0);
            }
        } catch (Errno e) {
            throw new IllegalStateException(e);
        }
    }

    String text() {
        try {
            return machine.files().text(folder + FILE);
        } catch (Errno e) {
            throw new IllegalStateException(e);
        }
    }

    void restore(String text) {
        machine.files().put(folder + FILE, text, 0600);
    }
}
