package dev.interlock.lab.machine;

import java.io.IOException;

/** A system call's failure, worded as strerror(3) words it. */
public final class Errno extends IOException {
    private static final long serialVersionUID = 1;

    public static final Kind ENOENT = new Kind("ENOENT", "No such file or directory");
    public static final Kind EEXIST = new Kind("EEXIST", "File exists");
    public static final Kind ENOTDIR = new Kind("ENOTDIR", "Not a directory");
    public static final Kind EISDIR = new Kind("EISDIR", "Is a directory");
    public static final Kind ENOTEMPTY = new Kind("ENOTEMPTY", "Directory not empty");
    public static final Kind EACCES = new Kind("EACCES", "Permission denied");
    public static final Kind EPERM = new Kind("EPERM", "Operation not permitted");
    public static final Kind ENOSPC = new Kind("ENOSPC", "No space left on device");
    public static final Kind EROFS = new Kind("EROFS", "Read-only file system");
    public static final Kind ELOOP = new Kind("ELOOP", "Too many levels of symbolic links");
    public static final Kind EPIPE = new Kind("EPIPE", "Broken pipe");
    public static final Kind EBADF = new Kind("EBADF", "Bad file descriptor");

    /** Which failure. */
    public record Kind(String name, String text) {
        public Errno at(String path) {
            return new Errno(this, path);
        }
    }

    private final transient Kind kind;

    private Errno(Kind kind, String path) {
        super(path.isEmpty() ? kind.text : path + ": " + kind.text, null);
        this.kind = kind;
    }

    public boolean is(Kind other) {
        return kind.equals(other);
    }

    public String text() {
        return kind.text;
    }
}
