package dev.interlock.standalone;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program's classes as its JVM had them in memory, written when it ended: with them the next one starts in half the time. Of one
 * build, and never needed: what the JVM finds unfit it does without.
 */
final class StartArchive {
    private final Path archive;
    private final Path written;
    private final boolean fit;

    private StartArchive(Path archive, Path written, boolean fit) {
        this.archive = archive;
        this.written = written;
        this.fit = fit;
    }

    /**
     * @param program the archive is for; {@code part} of the tree may be one of several that run it
     * @return null where none are kept: the script {@code ./interlock} says where
     */
    static @Nullable StartArchive of(Class<?> program, String part) {
        var folder = System.getProperty("interlock.archives", "");
        if (folder.isEmpty()) {
            return null;
        }
        try {
            Files.createDirectories(Path.of(folder));
        } catch (IOException readOnly) {
            return null;
        }
        return of(Path.of(folder), program, part, System.getProperty("java.class.path", ""));
    }

    static StartArchive of(Path folder, Class<?> program, String part, String classPath) {
        var archive = folder.resolve(program.getSimpleName() + ".jsa");
        return new StartArchive(archive, folder.resolve(part + ".written"), isFit(archive, classPath));
    }

    /** Only for jars, and for those that it was made with. */
    private static boolean isFit(Path archive, String classPath) {
        try {
            FileTime made = Files.getLastModifiedTime(archive);
            for (var jar : classPath.split(File.pathSeparator, -1)) {
                if (Files.getLastModifiedTime(Path.of(jar)).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException missing) {
            return false;
        }
    }

    /** For the JVM that starts the program. Which classes cannot be kept is no news for anybody. */
    List<String> options() {
        return List.of(
                fit ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + written,
                "-Xlog:cds*=off",
                "-Xlog:aot*=off",
                "-Xlog:class+path=off");
    }

    /**
     * To be called when the program has ended.
     *
     * @param whole it had done all that a start consists of, and ended as told; else it knows too little
     */
    void ended(boolean whole) {
        try {
            if (whole && Files.exists(written)) {
                Files.move(written, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            // then the next start is as slow as this one was
        }
    }
}
