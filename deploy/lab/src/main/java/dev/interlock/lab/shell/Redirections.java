package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.shell.Ast.Redirection;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens and duplicates the files that a command's redirections name. */
final class Redirections {
    private final Shell shell;

    Redirections(Shell shell) {
        this.shell = shell;
    }

    /**
     * @param special whether a failure ends the shell, as it does for a special built-in command
     * @return the shell's files with these changes, for the caller to close, or null after a complaint
     */
    @Nullable
    Fds open(List<Redirection> redirections, boolean special) throws IOException {
        Fds into = shell.fds.copy();
        for (Redirection redirection : redirections) {
            String failure = open(redirection, into);
            if (failure != null) {
                into.closeAll();
                if (special) {
                    throw new Shell.Fatal(failure);
                }
                shell.complain(failure);
                return null;
            }
        }
        return into;
    }

    private @Nullable String open(Redirection redirection, Fds into) throws IOException {
        var expansion = new Expansion(shell);
        String operator = redirection.operator();
        if (operator.equals("<<")) {
            into.set(redirection.fd(), OpenFile.text(expansion.single(redirection.target())));
            return null;
        }
        String target = expansion.single(redirection.target());
        if (operator.endsWith("&")) {
            return duplicate(redirection.fd(), target, into);
        }
        try {
            into.set(redirection.fd(), file(operator, FileSystem.absolute(shell.cwd, target)));
            return null;
        } catch (Errno e) {
            if (operator.equals("<")) {
                return "cannot open " + target + ": " + (e.is(Errno.ENOENT) ? "No such file" : e.text());
            }
            return "cannot create " + target + ": " + (e.is(Errno.ENOENT) ? "Directory nonexistent" : e.text());
        }
    }

    private static @Nullable String duplicate(int fd, String target, Fds into) {
        if (target.equals("-")) {
            into.close(fd);
            return null;
        }
        OpenFile source = target.matches("\\d+") ? into.get(Integer.parseInt(target)) : null;
        if (source == null) {
            return target + ": Bad file descriptor";
        }
        into.set(fd, source.retain());
        return null;
    }

    private OpenFile file(String operator, String path) throws Errno {
        FileSystem files = shell.machine.files();
        int uid = shell.process.uid();
        return switch (operator) {
            case "<" -> OpenFile.file(files, files.openRead(path, uid), false, false);
            case ">>" -> OpenFile.file(files, files.openWrite(path, false, uid, 0644), true, true);
            case "<>" -> OpenFile.file(files, files.openWrite(path, false, uid, 0644), true, false);
            default -> {
                boolean mustBeNew = shell.noclobber && operator.equals(">");
                yield OpenFile.file(files, files.openWrite(path, true, uid, 0644, mustBeNew), true, false);
            }
        };
    }
}
