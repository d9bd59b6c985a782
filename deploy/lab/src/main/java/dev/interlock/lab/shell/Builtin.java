package dev.interlock.lab.shell;

import java.io.IOException;
import java.util.List;

/** A command that the shell itself carries out. */
@FunctionalInterface
interface Builtin {
    int run(Shell shell, List<String> argv) throws IOException;
}
