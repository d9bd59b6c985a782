package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Programs that make, move, remove and describe files. */
final class FilePrograms {
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSSSSS Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private FilePrograms() {}

    static void add(Map<String, Program> all) {
        all.put("ls", FilePrograms::ls);
        all.put("mkdir", FilePrograms::mkdir);
        all.put("rmdir", FilePrograms::rmdir);
        all.put("rm", FilePrograms::rm);
        all.put("mv", FilePrograms::mv);
        all.put("cp", FilePrograms::cp);
        all.put("ln", FilePrograms::ln);
        all.put("touch", FilePrograms::touch);
        all.put("chmod", FilePrograms::chmod);
        all.put("chown", FilePrograms::chown);
        all.put("stat", FilePrograms::stat);
        all.put("readlink", FilePrograms::readlink);
        all.put("realpath", FilePrograms::readlink);
        all.put("mktemp", FilePrograms::mktemp);
        all.put("df", FilePrograms::df);
        all.put("sync", _ -> 0);
        all.put("find", FilePrograms::find);
    }

    private static String permissions(FileSystem.Node node) {
        char type = switch (node) {
            case FileSystem.Directory _ -> 'd';
            case FileSystem.Symlink _ -> 'l';
            case FileSystem.Device _ -> 'c';
            case FileSystem.RegularFile _ -> '-';
        };
        var out = new StringBuilder().append(type);
        for (int shift = 6; shift >= 0; shift -= 3) {
            int bits = node.mode() >> shift & 7;
            out.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
            boolean sticky = shift == 0 && (node.mode() & 01000) != 0;
            out.append((bits & 1) != 0 ? sticky ? 't' : 'x' : sticky ? 'T' : '-');
        }
        return out.toString();
    }

    private static int ls(Call call) throws IOException {
        Options options =
                Options.of(call.arguments(), Set.of("l", "a", "A", "d", "1", "n", "t", "r", "h", "i", "F"), Set.of());
        if (options.unknown() != null) {
            call.err("ls: invalid option -- '" + options.unknown().replace("-", "") + "'");
            return 2;
        }
        int status = 0;
        var singles = new ArrayList<String>();
        var directories = new ArrayList<String>();
        for (String name : options.rest().isEmpty() ? List.of(".") : options.rest()) {
            String path = call.path(name);
            if (call.files().find(path, false) == null) {
                call.err("ls: cannot access '" + name + "': No such file or directory");
                status = 2;
            } else if (call.files().isDirectory(path) && !options.has("d")) {
                directories.add(name);
            } else {
                singles.add(name);
            }
        }
        for (String name : singles) {
            entry(call, options, name, call.path(name));
        }
        for (String directory : directories) {
            List<String> entries;
            try {
                entries = call.files().list(call.path(directory), call.uid());
            } catch (Errno e) {
                call.err("ls: cannot open directory '" + directory + "': " + e.text());
                status = 2;
                continue;
            }
            if (singles.size() + directories.size() > 1) {
                call.line(
                        (directory.equals(directories.getFirst()) && singles.isEmpty() ? "" : "\n") + directory + ":");
            }
            if (options.has("l")) {
                call.line("total " + entries.size() * 4);
            }
            if (options.has("a")) {
                entry(call, options, ".", call.path(directory));
                entry(call, options, "..", FileSystem.parent(call.path(directory)));
            }
            for (String entry : entries) {
                if (!entry.startsWith(".") || options.has("a", "A")) {
                    entry(call, options, entry, call.path(directory + "/" + entry));
                }
            }
        }
        return status;
    }

    private static void entry(Call call, Options options, String name, String path) throws IOException {
        FileSystem.Node node = call.files().find(path, false);
        if (node == null) {
            return;
        }
        if (!options.has("l")) {
            call.line(name);
            return;
        }
        String owner = call.machine().user(node.owner());
        call.line(permissions(node) + " 1 " + owner + " " + owner + " "
                + call.files().size(node) + " " + SHORT.format(node.modified()) + " " + name
                + (node instanceof FileSystem.Symlink link ? " -> " + link.target() : ""));
    }

    private static int mkdir(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("p", "v"), Set.of("m"));
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        if (options.rest().isEmpty()) {
            return call.fail("missing operand");
        }
        int mode = options.value("m") == null ? 0755 : Integer.parseInt(options.value("m", 755), 8);
        int status = 0;
        for (String name : options.rest()) {
            try {
                if (options.has("p")) {
                    call.files().mkdirs(call.path(name), 0755, call.uid());
                } else {
                    call.files().mkdir(call.path(name), mode, call.uid());
                }
            } catch (Errno e) {
                status = call.fail("cannot create directory ‘" + (options.has("p") ? missing(call, name) : name) + "’: "
                        + e.text());
            }
        }
        return status;
    }

    /** The first part of the path that is not there: what mkdir -p complains about. */
    private static String missing(Call call, String name) {
        String at = name;
        while (at.contains("/")
                && at.lastIndexOf('/') > 0
                && !call.files().exists(call.path(at.substring(0, at.lastIndexOf('/'))))) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return at;
    }

    private static int rmdir(Call call) throws IOException {
        int status = 0;
        for (String name : call.arguments()) {
            try {
                call.files().rmdir(call.path(name), call.uid());
            } catch (Errno e) {
                status = call.fail("failed to remove '" + name + "': " + e.text());
            }
        }
        return status;
    }

    private static int rm(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("r", "R", "f", "v", "d"), Set.of());
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        if (options.rest().isEmpty()) {
            return options.has("f") ? 0 : call.fail("missing operand");
        }
        int status = 0;
        for (String name : options.rest()) {
            String path = call.path(name);
            FileSystem.Node node = call.files().find(path, false);
            if (node == null) {
                if (!options.has("f")) {
                    status = call.fail("cannot remove '" + name + "': No such file or directory");
                }
                continue;
            }
            if (node instanceof FileSystem.Directory && !options.has("r", "R")) {
                status = call.fail("cannot remove '" + name + "': Is a directory");
                continue;
            }
            try {
                delete(call, path);
            } catch (Errno e) {
                status = call.fail("cannot remove '" + name + "': " + e.text());
            }
        }
        return status;
    }

    private static void delete(Call call, String path) throws Errno {
        if (call.files().find(path, false) instanceof FileSystem.Directory) {
            for (String entry : call.files().list(path, call.uid())) {
                delete(call, path + "/" + entry);
            }
            call.files().rmdir(path, call.uid());
        } else {
            call.files().unlink(path, call.uid());
        }
    }

    private static String into(Call call, String target, String source) {
        return call.files().isDirectory(call.path(target))
                ? FileSystem.absolute(call.path(target), FileSystem.baseName(call.path(source)))
                : call.path(target);
    }

    private static int mv(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("f", "n", "v", "T"), Set.of());
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        if (options.rest().size() < 2) {
            return call.fail("missing file operand");
        }
        String target = options.rest().getLast();
        int status = 0;
        for (String source : options.rest().subList(0, options.rest().size() - 1)) {
            if (call.files().find(call.path(source), false) == null) {
                status = call.fail("cannot stat '" + source + "': No such file or directory");
                continue;
            }
            String to = options.has("T") ? call.path(target) : into(call, target, source);
            if (options.has("n") && call.files().exists(to)) {
                continue;
            }
            try {
                call.files().rename(call.path(source), to, call.uid());
            } catch (Errno e) {
                status = call.fail("cannot move '" + source + "' to '" + target + "': " + e.text());
            }
        }
        return status;
    }

    private static int cp(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("f", "p", "a", "r", "R", "n", "v"), Set.of());
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        if (options.rest().size() < 2) {
            return call.fail("missing file operand");
        }
        String target = options.rest().getLast();
        int status = 0;
        for (String source : options.rest().subList(0, options.rest().size() - 1)) {
            FileSystem.Node node = call.files().find(call.path(source), true);
            if (node == null) {
                status = call.fail("cannot stat '" + source + "': No such file or directory");
                continue;
            }
            if (node instanceof FileSystem.Directory && !options.has("r", "R", "a")) {
                status = call.fail("-r not specified; omitting directory '" + source + "'");
                continue;
            }
            try {
                copy(call, call.path(source), into(call, target, source));
            } catch (Errno e) {
                status = call.fail((e.is(Errno.ENOSPC) ? "error writing '" : "cannot create regular file '") + target
                        + "': " + e.text());
            }
        }
        return status;
    }

    private static void copy(Call call, String from, String to) throws IOException {
        if (call.files().isDirectory(from)) {
            call.files().mkdirs(to, 0755, call.uid());
            for (String entry : call.files().list(from, call.uid())) {
                copy(call, from + "/" + entry, to + "/" + entry);
            }
            return;
        }
        byte[] data = call.readFile(from);
        FileSystem.Node node = call.files().openWrite(to, true, call.uid(), 0644);
        call.files().write(node, 0, data, 0, data.length);
    }

    private static int ln(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("s", "f", "n", "T"), Set.of());
        if (options.rest().size() != 2) {
            return call.fail("missing file operand");
        }
        String target = options.rest().get(0);
        String name = options.rest().get(1);
        String path = options.has("T", "n") ? call.path(name) : into(call, name, target);
        try {
            if (options.has("f") && call.files().find(path, false) != null) {
                call.files().unlink(path, call.uid());
            }
            if (options.has("s")) {
                call.files().symlink(target, path, call.uid());
            } else {
                call.files().link(call.path(target), path, call.uid());
            }
            return 0;
        } catch (Errno e) {
            return call.fail("failed to create " + (options.has("s") ? "symbolic" : "hard") + " link '" + name + "': "
                    + e.text());
        }
    }

    private static int touch(Call call) throws IOException {
        int status = 0;
        for (String name : call.arguments()) {
            if (name.startsWith("-")) {
                continue;
            }
            try {
                call.files().touch(call.path(name), call.uid());
            } catch (Errno e) {
                status = call.fail("cannot touch '" + name + "': " + e.text());
            }
        }
        return status;
    }

    private static int chmod(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("R", "f"), Set.of());
        if (options.rest().size() < 2) {
            return call.fail("missing operand");
        }
        String mode = options.rest().getFirst();
        int status = 0;
        for (String name : options.rest().subList(1, options.rest().size())) {
            try {
                int bits = mode.matches("[0-7]+")
                        ? Integer.parseInt(mode, 8)
                        : mode.endsWith("+x")
                                ? call.files().stat(call.path(name)).mode() | 0111
                                : -1;
                if (bits < 0) {
                    return call.fail("invalid mode: ‘" + mode + "’");
                }
                call.files().chmod(call.path(name), bits, call.uid());
            } catch (Errno e) {
                status = call.fail("cannot access '" + name + "': " + e.text());
            }
        }
        return status;
    }

    private static int chown(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("R"), Set.of());
        if (options.rest().size() < 2) {
            return call.fail("missing operand");
        }
        String user = options.rest().getFirst().replaceAll("[:.].*", "");
        Integer uid =
                user.matches("\\d+") ? Integer.valueOf(user) : call.machine().uid(user);
        if (uid == null) {
            return call.fail("invalid user: ‘" + user + "’");
        }
        int status = 0;
        for (String name : options.rest().subList(1, options.rest().size())) {
            try {
                call.files().chown(call.path(name), uid, call.uid());
            } catch (Errno e) {
                status = call.fail("changing ownership of '" + name + "': " + e.text());
            }
        }
        return status;
    }

    private static int stat(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("L", "f", "t"), Set.of("c", "format", "printf"));
        String format = options.value("c", "format");
        int status = 0;
        for (String name : options.rest()) {
            FileSystem.Node node = call.files().find(call.path(name), options.has("L"));
            if (node == null) {
                status = call.fail("cannot statx '" + name + "': No such file or directory");
                continue;
            }
            String text =
                    format != null ? format : "  File: %n\n  Size: %s\nAccess: (%a/%A)  Uid: ( %u/ %U)\nModify: %y";
            var out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) != '%' || i + 1 >= text.length()) {
                    out.append(text.charAt(i));
                    continue;
                }
                i++;
                out.append(
                        switch (text.charAt(i)) {
                            case 'n' -> name;
                            case 's' -> String.valueOf(call.files().size(node));
                            case 'Y', 'Z', 'X', 'W' ->
                                String.valueOf(node.modified().getEpochSecond());
                            case 'y', 'z', 'x' -> FULL.format(node.modified());
                            case 'U', 'G' -> call.machine().user(node.owner());
                            case 'u', 'g' -> String.valueOf(node.owner());
                            case 'a' -> Integer.toOctalString(node.mode());
                            case 'A' -> permissions(node);
                            case 'i' -> String.valueOf(node.inode());
                            case 'b' -> String.valueOf((call.files().size(node) + 511) / 512);
                            case 'B' -> "512";
                            case 'h' -> "1";
                            case 'F' ->
                                switch (node) {
                                    case FileSystem.Directory _ -> "directory";
                                    case FileSystem.Symlink _ -> "symbolic link";
                                    case FileSystem.Device _ -> "character special file";
                                    case FileSystem.RegularFile _ ->
                                        call.files().size(node) == 0 ? "regular empty file" : "regular file";
                                };
                            case '%' -> "%";
                            default -> "?";
                        });
            }
            call.line(out.toString());
        }
        return status;
    }

    private static int readlink(Call call) throws IOException {
        boolean follow = call.name().equals("realpath")
                || call.arguments().contains("-f")
                || call.arguments().contains("-e");
        for (String name : call.arguments()) {
            if (name.startsWith("-")) {
                continue;
            }
            if (follow) {
                try {
                    call.line(call.files().real(call.path(name)));
                } catch (Errno e) {
                    return call.name().equals("realpath") ? call.fail(name + ": " + e.text()) : 1;
                }
            } else if (call.files().find(call.path(name), false) instanceof FileSystem.Symlink link) {
                call.line(link.target());
            } else {
                return 1;
            }
        }
        return 0;
    }

    private static int mktemp(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("d", "q", "u"), Set.of("p"));
        String template = options.rest().isEmpty()
                ? "/tmp/tmp.XXXXXXXXXX"
                : options.rest().getFirst();
        String directory = options.value("p");
        String path = call.path(directory == null ? template : directory + "/" + FileSystem.baseName(template));
        String filled = path.replaceFirst(
                "X{3,}", UUID.randomUUID().toString().replace("-", "").substring(0, 10));
        try {
            if (options.has("d")) {
                call.files().mkdir(filled, 0700, call.uid());
            } else {
                call.files().openWrite(filled, true, call.uid(), 0600);
            }
        } catch (Errno e) {
            return call.fail("failed to create " + (options.has("d") ? "directory" : "file") + " via template ‘"
                    + template + "’: " + e.text());
        }
        call.line(filled);
        return 0;
    }

    private static int df(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("P", "k", "h", "m", "T", "i"), Set.of("output", "B"));
        if (options.unknown() != null) {
            return TextPrograms.illegal(call, options.unknown());
        }
        for (String name : options.rest()) {
            if (!call.files().exists(call.path(name))) {
                return call.fail(name + ": No such file or directory");
            }
        }
        long unit = options.has("m") || "M".equals(options.value("B")) || "1M".equals(options.value("B"))
                ? 1 << 20
                : "1".equals(options.value("B")) ? 1 : 1024;
        long total = call.files().capacity() / unit;
        long used = call.files().used() / unit;
        long percent = total == 0 ? 0 : (used * 100 + total - 1) / total;
        String output = options.value("output");
        if (output != null) {
            for (String column : output.split(",")) {
                call.line(column.equals("avail") ? " Avail" : column);
                call.line(String.valueOf(
                        column.equals("avail")
                                ? total - used
                                : column.equals("used") ? used : column.equals("size") ? total : percent));
            }
            return 0;
        }
        if (options.has("h")) {
            call.line("Filesystem      Size  Used Avail Use% Mounted on");
            call.line(String.format(
                    Locale.ROOT,
                    "/dev/vda1 %10s %5s %5s %3d%% /",
                    (total >> 20) + "G",
                    (used >> 10) + "M",
                    ((total - used) >> 20) + "G",
                    percent));
            return 0;
        }
        call.line("Filesystem     " + (unit == 1024 ? "1024-blocks" : "1M-blocks")
                + "   Used Available Capacity Mounted on");
        for (String name : options.rest().isEmpty() ? List.of("/") : options.rest()) {
            String path = call.path(name);
            boolean memory = path.startsWith("/run") || path.startsWith("/tmp");
            call.line(
                    memory
                            ? String.format(
                                    Locale.ROOT,
                                    "%-14s %11d %6d %9d %7d%% %s",
                                    "tmpfs",
                                    1 << 20,
                                    0,
                                    1 << 20,
                                    0,
                                    path.startsWith("/run") ? "/run" : "/tmp")
                            : String.format(
                                    Locale.ROOT,
                                    "%-14s %11d %6d %9d %7d%% /",
                                    "/dev/vda1",
                                    total,
                                    used,
                                    total - used,
                                    percent));
        }
        return 0;
    }

    private static int find(Call call) throws IOException {
        var roots = new ArrayList<String>();
        int i = 0;
        while (i < call.arguments().size() && !call.arguments().get(i).startsWith("-")) {
            roots.add(call.arguments().get(i));
            i++;
        }
        String name = null;
        String type = null;
        int max = Integer.MAX_VALUE;
        int min = 0;
        long olderThanDays = -1;
        boolean delete = false;
        while (i < call.arguments().size()) {
            String test = call.arguments().get(i);
            String value = i + 1 < call.arguments().size() ? call.arguments().get(i + 1) : "";
            switch (test) {
                case "-name" -> name = value;
                case "-type" -> type = value;
                case "-maxdepth" -> max = Integer.parseInt(value);
                case "-mindepth" -> min = Integer.parseInt(value);
                case "-mtime" -> olderThanDays = Long.parseLong(value.replace("+", ""));
                case "-print" -> i--;
                case "-delete" -> {
                    delete = true;
                    i--;
                }
                default -> {
                    return call.fail("unknown predicate `" + test + "'");
                }
            }
            i += 2;
        }
        int status = 0;
        for (String root : roots.isEmpty() ? List.of(".") : roots) {
            if (call.files().find(call.path(root), false) == null) {
                call.err("find: ‘" + root + "’: No such file or directory");
                status = 1;
                continue;
            }
            walk(call, root, 0, name, type, min, max, olderThanDays, delete);
        }
        return status;
    }

    private static void walk(
            Call call,
            String path,
            int depth,
            @org.jspecify.annotations.Nullable String name,
            @org.jspecify.annotations.Nullable String type,
            int min,
            int max,
            long olderThanDays,
            boolean delete)
            throws IOException {
        FileSystem.Node node = call.files().find(call.path(path), false);
        if (node == null) {
            return;
        }
        boolean directory = node instanceof FileSystem.Directory;
        Instant limit = call.machine().now().minusSeconds(Math.max(olderThanDays + 1, 0) * 86_400);
        boolean hit = depth >= min
                && (name == null || dev.interlock.lab.shell.Pattern.matches(name, FileSystem.baseName(path)))
                && (type == null || type.equals("d") == directory)
                && (olderThanDays < 0 || node.modified().isBefore(limit));
        if (hit && !delete) {
            call.line(path);
        }
        if (directory && depth < max) {
            for (String entry : call.files().list(call.path(path), call.uid())) {
                walk(call, path + "/" + entry, depth + 1, name, type, min, max, olderThanDays, delete);
            }
        }
        if (hit && delete) {
            delete(call, call.path(path));
        }
    }
}
