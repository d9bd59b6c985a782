package dev.interlock.lab.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution of a program: its arguments, environment and open files. */
public final class Call {
    private final HostProcess process;
    private final List<String> argv;
    private final Map<String, String> environment;
    private final String cwd;
    private final Fds fds;

    public Call(HostProcess process, List<String> argv, Map<String, String> environment, String cwd, Fds fds) {
        this.process = process;
        this.argv = List.copyOf(argv);
        this.environment = new LinkedHashMap<>(environment);
        this.cwd = cwd;
        this.fds = fds;
    }

    public HostProcess process() {
        return process;
    }

    public Machine machine() {
        return process.machine();
    }

    public FileSystem files() {
        return process.machine().files();
    }

    public int uid() {
        return process.uid();
    }

    public String name() {
        return FileSystem.baseName(argv.getFirst());
    }

    public List<String> argv() {
        return argv;
    }

    public List<String> arguments() {
        return argv.subList(1, argv.size());
    }

    public Map<String, String> environment() {
        return environment;
    }

    public String cwd() {
        return cwd;
    }

    public Fds fds() {
        return fds;
    }

    public String path(String relative) {
        return FileSystem.absolute(cwd, relative);
    }

    public void out(String text) throws IOException {
        write(1, text);
    }

    public void line(String text) throws IOException {
        write(1, text + "\n");
    }

    public void err(String text) throws IOException {
        write(2, text + "\n");
    }

    /** {@code name: text}, status 1. */
    public int fail(String text) throws IOException {
        err(name() + ": " + text);
        return 1;
    }

    public void write(int fd, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(fd, bytes, bytes.length);
    }

    public void write(int fd, byte[] bytes, int length) throws IOException {
        process.checkpoint();
        OpenFile file = fds.get(fd);
        if (file == null) {
            throw Errno.EBADF.at("write error");
        }
        try {
            file.write(bytes, 0, length);
        } catch (Errno e) {
            if (e.is(Errno.EPIPE) && !process.shielded()) {
                process.kill(HostProcess.SIGPIPE);
                process.checkpoint();
            }
            if (!e.is(Errno.EPIPE)) {
                throw e;
            }
        }
    }

    public int read(byte[] into) throws IOException {
        process.checkpoint();
        OpenFile in = fds.get(0);
        return in == null ? -1 : in.read(into, 0, into.length);
    }

    public byte[] readAll() throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            all.write(buffer, 0, n);
        }
        return all.toByteArray();
    }

    /** A file's bytes; {@code -} is the standard input. */
    public byte[] readFile(String name) throws IOException {
        if (name.equals("-")) {
            return readAll();
        }
        FileSystem.Node node = files().openRead(path(name), uid());
        var all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        long position = 0;
        for (int n = files().read(node, position, buffer, 0, buffer.length);
                n >= 0;
                n = files().read(node, position, buffer, 0, buffer.length)) {
            all.write(buffer, 0, n);
            position += n;
        }
        return all.toByteArray();
    }

    public void sleep(Duration duration) {
        process.sleep(duration);
    }

    /** Goes on as another program in this process, as execvp(3). 127 if there is none. */
    public int exec(List<String> other) throws IOException {
        return exec(other, environment, process);
    }

    public int exec(List<String> other, Map<String, String> env) throws IOException {
        return exec(other, env, process);
    }

    private int exec(List<String> other, Map<String, String> env, HostProcess in) throws IOException {
        Program program = machine().resolve(other.getFirst(), env.getOrDefault("PATH", Machine.PATH), cwd, in.uid());
        if (program == null) {
            return 127;
        }
        in.becomes(other);
        return program.run(new Call(in, other, env, cwd, fds));
    }

    public boolean canExec(String name) {
        return machine().resolve(name, environment.getOrDefault("PATH", Machine.PATH), cwd, uid()) != null;
    }

    /** Starts another program as a child. */
    public HostProcess start(List<String> other, Map<String, String> env, int uid, @Nullable Boolean ownGroup) {
        Fds inherited = fds.copy();
        var argvOfChild = new ArrayList<>(other);
        return machine().spawn(process, uid, process.commandId(), argvOfChild, inherited, child -> {
            if (Boolean.TRUE.equals(ownGroup)) {
                child.lead();
            }
            return new Call(child, argvOfChild, env, cwd, inherited).exec(argvOfChild, env, child);
        });
    }
}
