package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.Set;

/** {@code pg_restore --list FILE}, and {@code pg_restore -f /dev/null FILE}, which reads the data too. It restores nothing. */
final class PgRestore implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options =
                Options.of(call.arguments(), Set.of("l", "v", "list", "verbose", "version"), Set.of("f", "file"));
        if (options.has("version")) {
            call.line("pg_restore (PostgreSQL) " + PgDump.VERSION);
            return 0;
        }
        if (options.unknown() != null) {
            call.err("pg_restore: unrecognized option '" + options.unknown()
                    + "'\npg_restore: hint: Try \"pg_restore --help\" for more information.");
            return 1;
        }
        boolean list = options.has("l", "list");
        String into = options.value("f", "file");
        if (!list && into == null) {
            return fail(call, "one of -d/--dbname and -f/--file must be specified");
        }
        String file = options.rest().isEmpty() ? "-" : options.rest().getFirst();
        byte[] bytes;
        try {
            bytes = call.readFile(file);
        } catch (Errno e) {
            return fail(call, "could not open input file \"" + file + "\": " + e.text());
        }
        PgArchive archive;
        try {
            archive = PgArchive.read(bytes, !list);
        } catch (PgArchive.Unreadable e) {
            return fail(call, String.valueOf(e.getMessage()));
        }
        if (list) {
            call.out(archive.listing());
        } else if (!"/dev/null".equals(into)) {
            return fail(call, "the lab's pg_restore restores nothing: use -f /dev/null to read a dump to its end");
        }
        return 0;
    }

    private static int fail(Call call, String text) throws IOException {
        call.err("pg_restore: error: " + text);
        return 1;
    }
}
