package dev.interlock.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How PostgreSQL, which refuses to run as root, is started by root: in a user namespace of its own where the kernel
 * allows it, otherwise as the user {@code nobody}.
 */
enum Unprivileged {
    AS_WE_ARE("", -1),
    /** Every file keeps root as its owner; PostgreSQL sees itself and its files as the unmapped user. */
    USER_NAMESPACE("unshare -U", 0),
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups", 65534);

    private final String prefix;
    private final int owner;

    Unprivileged(String prefix, int owner) {
        this.prefix = prefix;
        this.owner = owner;
    }

    private static final class Found {
        static final Unprivileged WAY = find();
    }

    static Unprivileged way() {
        return Found.WAY;
    }

    private static Unprivileged find() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return AS_WE_ARE;
        }
        var forced = System.getProperty("interlock.embedded.unprivileged");
        if (forced != null) {
            return valueOf(forced);
        }
        if (USER_NAMESPACE.works()) {
            return USER_NAMESPACE;
        }
        if (NOBODY.works()) {
            return NOBODY;
        }
        throw new EmbeddedException(
                "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works here."
                        + " Run Interlock as an ordinary user, or install util-linux.");
    }

    private boolean works() {
        var command = new ArrayList<>(prefix());
        command.add("true");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    List<String> prefix() {
        return prefix.isEmpty() ? List.of() : List.of(prefix.split(" "));
    }

    /** Where PostgreSQL's programs can be read by whoever will run them. */
    Path cache() {
        if (this == NOBODY) {
            return Path.of("/var/cache/interlock");
        }
        var xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg))
                .resolve("interlock");
    }

    /** Gives the folder to the user that PostgreSQL will be, also after it was last used in another way. */
    void own(Path folder) {
        if (this == AS_WE_ARE) {
            return;
        }
        try {
            if (this == NOBODY) {
                for (var up = folder.toAbsolutePath().getParent(); up != null; up = up.getParent()) {
                    if (!Files.getPosixFilePermissions(up).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                        throw new EmbeddedException("PostgreSQL runs as 'nobody' here, who cannot enter " + up
                                + ". Choose a data folder that everybody may pass through, for example"
                                + " /var/lib/interlock.");
                    }
                }
            }
            if (((Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)) == owner) {
                return;
            }
            try (var all = Files.walk(folder)) {
                for (var path : (Iterable<Path>) all::iterator) {
                    Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The owner of " + folder + " cannot be changed: " + e.getMessage(), e);
        }
    }
}
