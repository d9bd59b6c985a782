package dev.interlock.lab.machine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host's files, in memory. Owners and permission bits are honoured, a full disk refuses data (but, as a real one does, still
 * makes empty files and directories). {@code /run} and {@code /tmp} are not on the disk.
 */
public final class FileSystem {
    private static final long BLOCK = 4096;
    private static final AtomicLong INODES = new AtomicLong(1000);

    /** An inode. */
    public abstract static sealed class Node permits Directory, RegularFile, Symlink, Device {
        final long inode = INODES.incrementAndGet();
        int mode;
        int owner;
        Instant modified;

        Node(int mode, int owner, Instant modified) {
            this.mode = mode;
            this.owner = owner;
            this.modified = modified;
        }

        public long inode() {
            return inode;
        }

        public int mode() {
            return mode;
        }

        public int owner() {
            return owner;
        }

        public Instant modified() {
            return modified;
        }
    }

    public static final class Directory extends Node {
        final Map<String, Node> entries = new TreeMap<>();

        Directory(int mode, int owner, Instant modified) {
            super(mode, owner, modified);
        }
    }

    public static final class RegularFile extends Node {
        private byte[] data = new byte[0];
        private int size;
        private final @Nullable Supplier<String> generated;
        private final boolean onDisk;

        RegularFile(int mode, int owner, Instant modified, @Nullable Supplier<String> generated, boolean onDisk) {
            super(mode, owner, modified);
            this.generated = generated;
            this.onDisk = onDisk;
        }

        long blocks() {
            return onDisk ? (size + BLOCK - 1) / BLOCK * BLOCK : 0;
        }
    }

    public static final class Symlink extends Node {
        final String target;

        Symlink(String target, int owner, Instant modified) {
            super(0777, owner, modified);
            this.target = target;
        }

        public String target() {
            return target;
        }
    }

    /** {@code /dev/null}, {@code /dev/zero}, {@code /dev/full}, {@code /dev/urandom}. */
    public static final class Device extends Node {
        final String kind;

        Device(String kind, Instant modified) {
            super(0666, 0, modified);
            this.kind = kind;
        }

        public String kind() {
            return kind;
        }
    }

    private final Directory root;
    private final Supplier<Instant> clock;
    private final long capacity;
    private final BooleanSupplier full;
    private final Predicate<String> readOnly;
    private final Function<String, @Nullable Map<String, String>> processes;
    private long used;

    /**
     * @param capacity size of the disk in bytes
     * @param full whether somebody filled it from outside
     * @param readOnly the paths that nobody can write to, not even root
     * @param processes the files of {@code /proc/<pid>}, or null if there is no such process
     */
    public FileSystem(
            Supplier<Instant> clock,
            long capacity,
            BooleanSupplier full,
            Predicate<String> readOnly,
            Function<String, @Nullable Map<String, String>> processes) {
        this.processes = processes;
        this.clock = clock;
        this.capacity = capacity;
        this.full = full;
        this.readOnly = readOnly;
        this.root = new Directory(0755, 0, clock.get());
    }

    public synchronized long capacity() {
        return capacity;
    }

    public synchronized long used() {
        return full.getAsBoolean() ? capacity : used;
    }

    /** Absolute, with {@code .} and {@code ..} resolved by text, as {@code cd} does. */
    public static String absolute(String cwd, String path) {
        var parts = new ArrayList<String>();
        for (String part : (path.startsWith("/") ? path : cwd + "/" + path).split("/")) {
            switch (part) {
                case "", "." -> {}
                case ".." -> {
                    if (!parts.isEmpty()) {
                        parts.removeLast();
                    }
                }
                default -> parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    public static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private record Place(
            Directory parent, String name, @Nullable Node node, String path) {}

    private Place place(String path, boolean follow, int depth) throws Errno {
        if (depth > 20) {
            throw Errno.ELOOP.at(path);
        }
        Directory directory = root;
        String[] parts = path.equals("/") ? new String[0] : path.substring(1).split("/");
        if (parts.length == 0) {
            return new Place(root, "", root, "/");
        }
        for (int i = 0; i < parts.length; i++) {
            Node node = directory.entries.get(parts[i]);
            if (node == null && i == 1 && parts[0].equals("proc")) {
                node = process(parts[1]);
            }
            boolean last = i == parts.length - 1;
            if (node instanceof Symlink link && (!last || follow)) {
                String here = "/" + String.join("/", Arrays.asList(parts).subList(0, i));
                String rest = String.join("/", Arrays.asList(parts).subList(i + 1, parts.length));
                return place(absolute(absolute(here, link.target), rest.isEmpty() ? "." : rest), follow, depth + 1);
            }
            if (last) {
                return new Place(directory, parts[i], node, path);
            }
            directory = switch (node) {
                case null -> throw Errno.ENOENT.at(path);
                case Directory next -> next;
                default -> throw Errno.ENOTDIR.at(path);
            };
        }
        throw new IllegalStateException(path);
    }

    private @Nullable Node process(String pid) {
        Map<String, String> about = processes.apply(pid);
        if (about == null) {
            return null;
        }
        var directory = new Directory(0555, 0, clock.get());
        about.forEach((name, text) -> directory.entries.put(name, snapshot(text)));
        return directory;
    }

    private static boolean may(Node node, int uid, int bit) {
        if (uid == 0) {
            return true;
        }
        return ((node.owner == uid ? node.mode >> 6 : node.mode) & bit) != 0;
    }

    public synchronized @Nullable Node find(String path, boolean follow) {
        try {
            return place(path, follow, 0).node;
        } catch (Errno e) {
            return null;
        }
    }

    public synchronized Node stat(String path) throws Errno {
        Node node = place(path, true, 0).node;
        if (node == null) {
            throw Errno.ENOENT.at(path);
        }
        return node;
    }

    public boolean exists(String path) {
        return find(path, true) != null;
    }

    public boolean isDirectory(String path) {
        return find(path, true) instanceof Directory;
    }

    public synchronized boolean access(String path, int uid, int bit) {
        Node node = find(path, true);
        return node != null && may(node, uid, bit) && !(bit == 2 && readOnly.test(path));
    }

    public synchronized boolean isExecutable(String path, int uid) {
        return find(path, true) instanceof RegularFile file && (uid == 0 ? (file.mode & 0111) != 0 : may(file, uid, 1));
    }

    /** The path after following every symlink. */
    public synchronized String real(String path) throws Errno {
        return place(path, true, 0).path;
    }

    public synchronized List<String> list(String path, int uid) throws Errno {
        return switch (stat(path)) {
            case Directory directory -> {
                if (!may(directory, uid, 4)) {
                    throw Errno.EACCES.at(path);
                }
                yield List.copyOf(directory.entries.keySet());
            }
            default -> throw Errno.ENOTDIR.at(path);
        };
    }

    public synchronized void mkdir(String path, int mode, int uid) throws Errno {
        Place place = place(path, true, 0);
        if (place.node != null) {
            throw Errno.EEXIST.at(path);
        }
        change(place.parent, uid, path);
        place.parent.entries.put(place.name, new Directory(mode, uid, clock.get()));
    }

    public synchronized void mkdirs(String path, int mode, int uid) throws Errno {
        if (path.equals("/") || isDirectory(path)) {
            return;
        }
        if (exists(path)) {
            throw Errno.EEXIST.at(path);
        }
        mkdirs(parent(path), mode, uid);
        mkdir(path, mode, uid);
    }

    private void change(Directory directory, int uid, String path) throws Errno {
        if (!may(directory, uid, 2)) {
            throw Errno.EACCES.at(path);
        }
        if (readOnly.test(path)) {
            throw Errno.EROFS.at(path);
        }
        directory.modified = clock.get();
    }

    private static boolean sticky(Directory directory, Node node, int uid) {
        return (directory.mode & 01000) != 0 && uid != 0 && node.owner != uid;
    }

    public synchronized void rmdir(String path, int uid) throws Errno {
        Place place = place(path, false, 0);
        switch (place.node) {
            case null -> throw Errno.ENOENT.at(path);
            case Directory directory
            when directory.entries.isEmpty() -> {
                change(place.parent, uid, path);
                place.parent.entries.remove(place.name);
            }
            case Directory _ ->
                throw uid == 0 || may(place.parent, uid, 2) ? Errno.ENOTEMPTY.at(path) : Errno.EACCES.at(path);
            default -> throw Errno.ENOTDIR.at(path);
        }
    }

    public synchronized void unlink(String path, int uid) throws Errno {
        Place place = place(path, false, 0);
        switch (place.node) {
            case null -> throw Errno.ENOENT.at(path);
            case Directory _ -> throw Errno.EISDIR.at(path);
            default -> {
                change(place.parent, uid, path);
                if (sticky(place.parent, place.node, uid)) {
                    throw Errno.EPERM.at(path);
                }
                place.parent.entries.remove(place.name);
                if (place.node instanceof RegularFile file) {
                    used -= file.blocks();
                }
            }
        }
    }

    public synchronized void symlink(String target, String path, int uid) throws Errno {
        Place place = place(path, false, 0);
        if (place.node != null) {
            throw Errno.EEXIST.at(path);
        }
        change(place.parent, uid, path);
        place.parent.entries.put(place.name, new Symlink(target, uid, clock.get()));
    }

    public synchronized void link(String from, String path, int uid) throws Errno {
        Node node = stat(from);
        if (node instanceof Directory) {
            throw Errno.EPERM.at(from);
        }
        Place place = place(path, false, 0);
        if (place.node != null) {
            throw Errno.EEXIST.at(path);
        }
        change(place.parent, uid, path);
        place.parent.entries.put(place.name, node);
    }

    /** As rename(2): atomic, replaces a file. */
    public synchronized void rename(String from, String to, int uid) throws Errno {
        Place source = place(from, false, 0);
        Place target = place(to, false, 0);
        if (source.node == null) {
            throw Errno.ENOENT.at(from);
        }
        if (source.node == target.node) {
            return;
        }
        if (target.node instanceof Directory directory) {
            if (!(source.node instanceof Directory)) {
                throw Errno.EISDIR.at(to);
            }
            if (!directory.entries.isEmpty()) {
                throw Errno.ENOTEMPTY.at(to);
            }
        } else if (target.node != null && source.node instanceof Directory) {
            throw Errno.ENOTDIR.at(to);
        }
        change(source.parent, uid, from);
        if (sticky(source.parent, source.node, uid)) {
            throw Errno.EPERM.at(from);
        }
        change(target.parent, uid, to);
        if (target.node instanceof RegularFile replaced) {
            used -= replaced.blocks();
        }
        source.parent.entries.remove(source.name);
        target.parent.entries.put(target.name, source.node);
    }

    /** Opens for reading; the answer is a snapshot source that follows the file as it grows. */
    public synchronized Node openRead(String path, int uid) throws Errno {
        Node node = stat(path);
        if (!may(node, uid, 4)) {
            throw Errno.EACCES.at(path);
        }
        if (node instanceof RegularFile file && file.generated != null) {
            return snapshot(file.generated.get());
        }
        return node;
    }

    private RegularFile snapshot(String text) {
        var file = new RegularFile(0444, 0, clock.get(), null, false);
        file.data = text.getBytes(StandardCharsets.UTF_8);
        file.size = file.data.length;
        return file;
    }

    public synchronized Node openWrite(String path, boolean truncate, int uid, int mode) throws Errno {
        return openWrite(path, truncate, uid, mode, false);
    }

    /** @param exclusive as O_EXCL: fails when the file is there (noclobber) */
    public synchronized Node openWrite(String path, boolean truncate, int uid, int mode, boolean exclusive)
            throws Errno {
        Place place = place(path, true, 0);
        switch (place.node) {
            case null -> {
                change(place.parent, uid, path);
                boolean onDisk = !place.path.startsWith("/run/")
                        && !place.path.startsWith("/tmp/")
                        && !place.path.startsWith("/proc/");
                var file = new RegularFile(mode, uid, clock.get(), null, onDisk);
                place.parent.entries.put(place.name, file);
                return file;
            }
            case Directory _ -> throw Errno.EISDIR.at(path);
            case Node node when !may(node, uid, 2) -> throw Errno.EACCES.at(path);
            case RegularFile _ when readOnly.test(path) -> throw Errno.EROFS.at(path);
            case RegularFile file -> {
                if (exclusive) {
                    throw Errno.EEXIST.at(path);
                }
                if (file.generated != null) {
                    throw Errno.EACCES.at(path);
                }
                if (truncate) {
                    used -= file.blocks();
                    file.size = 0;
                    file.data = new byte[0];
                    file.modified = clock.get();
                }
                return file;
            }
            case Node node -> {
                return node;
            }
        }
    }

    /** @return bytes read, or -1 at the end */
    public synchronized int read(Node node, long position, byte[] into, int offset, int length) throws Errno {
        switch (node) {
            case RegularFile file -> {
                byte[] data = file.generated == null
                        ? file.data
                        : file.generated.get().getBytes(StandardCharsets.UTF_8);
                int size = file.generated == null ? file.size : data.length;
                int n = (int) Math.min(length, size - position);
                if (n <= 0) {
                    return -1;
                }
                System.arraycopy(data, (int) position, into, offset, n);
                return n;
            }
            case Device device -> {
                if (device.kind.equals("null")) {
                    return -1;
                }
                Arrays.fill(into, offset, offset + length, (byte) 0);
                return length;
            }
            case Directory _ -> throw Errno.EISDIR.at("");
            case Symlink _ -> throw Errno.ENOENT.at("");
        }
    }

    /** @return the position after what was written */
    public synchronized long write(Node node, long position, byte[] bytes, int offset, int length) throws Errno {
        switch (node) {
            case RegularFile file -> {
                long before = file.blocks();
                int end = (int) (position + length);
                if (file.onDisk
                        && length > 0
                        && (full.getAsBoolean() || used - before + (end + BLOCK - 1) / BLOCK * BLOCK > capacity)) {
                    throw Errno.ENOSPC.at("");
                }
                if (end > file.data.length) {
                    file.data =
                            Arrays.copyOf(file.data, Math.max(end, file.data.length < 64 ? end : file.data.length * 2));
                }
                System.arraycopy(bytes, offset, file.data, (int) position, length);
                file.size = Math.max(file.size, end);
                file.modified = clock.get();
                used += file.blocks() - before;
                return end;
            }
            case Device device -> {
                if (device.kind.equals("full")) {
                    throw Errno.ENOSPC.at("");
                }
                return position + length;
            }
            case Directory _ -> throw Errno.EISDIR.at("");
            case Symlink _ -> throw Errno.ENOENT.at("");
        }
    }

    public synchronized long size(Node node) {
        return switch (node) {
            case RegularFile file -> file.generated == null ? file.size : 0;
            case Directory _ -> BLOCK;
            case Symlink link -> link.target.length();
            case Device _ -> 0;
        };
    }

    public synchronized void chmod(String path, int mode, int uid) throws Errno {
        Node node = stat(path);
        if (uid != 0 && node.owner != uid) {
            throw Errno.EPERM.at(path);
        }
        node.mode = mode;
    }

    public synchronized void chown(String path, int owner, int uid) throws Errno {
        Node node = stat(path);
        if (uid != 0) {
            throw Errno.EPERM.at(path);
        }
        node.owner = owner;
    }

    public synchronized void touch(String path, int uid) throws Errno {
        openWrite(path, false, uid, 0644).modified = clock.get();
    }

    public synchronized void setModified(Node node, Instant at) {
        node.modified = at;
    }

    // ---- what the machine itself does, as root, without faults in the way

    public synchronized String text(String path) throws Errno {
        Node node = stat(path);
        if (!(node instanceof RegularFile file)) {
            throw Errno.EISDIR.at(path);
        }
        return file.generated != null
                ? file.generated.get()
                : new String(file.data, 0, file.size, StandardCharsets.UTF_8);
    }

    public synchronized void put(String path, String text, int mode) {
        try {
            mkdirs(parent(path), 0755, 0);
            Node node = openWrite(path, true, 0, mode);
            node.mode = mode;
            if (node instanceof RegularFile file) {
                file.data = text.getBytes(StandardCharsets.UTF_8);
                file.size = file.data.length;
                used += file.blocks();
            }
        } catch (Errno e) {
            throw new IllegalStateException(path, e);
        }
    }

    public synchronized void putGenerated(String path, Supplier<String> text) {
        put(path, path, 0444, new RegularFile(0444, 0, clock.get(), text, false));
    }

    public synchronized void putDevice(String path, String kind) {
        put(path, path, 0666, new Device(kind, clock.get()));
    }

    private void put(String path, String name, int mode, Node node) {
        try {
            mkdirs(parent(name), 0755, 0);
            Place place = place(path, false, 0);
            node.mode = mode;
            place.parent.entries.put(place.name, node);
        } catch (Errno e) {
            throw new IllegalStateException(path, e);
        }
    }

    /** Forgets all below a directory, as a tmpfs does at power off. */
    public synchronized void empty(String path) {
        if (find(path, true) instanceof Directory directory) {
            directory.entries.clear();
        }
    }
}
