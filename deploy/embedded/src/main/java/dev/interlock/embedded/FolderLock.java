package dev.interlock.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Says that a folder belongs to this process. The operating system lets go of the lock when the process dies, however
 * it dies, so a lock file left behind by {@code kill -9} never keeps anybody out.
 */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws FolderInUseException if a living process (or another part of this one) holds {@code file} */
    public static FolderLock take(Path file, Path folder) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            var lock = tryLock(channel);
            if (lock == null) {
                var holder = Files.readString(file, StandardCharsets.UTF_8).strip();
                channel.close();
                throw new FolderInUseException(folder, holder);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("The lock file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The process id that a living holder wrote into {@code file}; null if nobody holds it. */
    public static @Nullable Long holder(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (tryLock(channel) != null) {
                return null;
            }
            var text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? -1L : Long.parseLong(text);
        } catch (IOException | NumberFormatException e) {
            return -1L;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
