package dev.interlock.lab.machine;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A process's file descriptors. */
public final class Fds {
    private final Map<Integer, OpenFile> open = new TreeMap<>();

    /** Takes over the references given. */
    public static Fds of(OpenFile in, OpenFile out, OpenFile err) {
        var fds = new Fds();
        fds.open.put(0, in);
        fds.open.put(1, out);
        fds.open.put(2, err);
        return fds;
    }

    public Fds copy() {
        var copy = new Fds();
        open.forEach((fd, file) -> copy.open.put(fd, file.retain()));
        return copy;
    }

    public @Nullable OpenFile get(int fd) {
        return open.get(fd);
    }

    /** Takes over the reference. */
    public void set(int fd, OpenFile file) {
        OpenFile before = open.put(fd, file);
        if (before != null) {
            before.release();
        }
    }

    public void close(int fd) {
        OpenFile before = open.remove(fd);
        if (before != null) {
            before.release();
        }
    }

    /** Hands everything over. */
    public void copyInto(Fds other) {
        open.forEach(other::set);
        open.clear();
    }

    public void closeAll() {
        open.values().forEach(OpenFile::release);
        open.clear();
    }
}
