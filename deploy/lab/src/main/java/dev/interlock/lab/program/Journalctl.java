package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Journal;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Units;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** journalctl: the journal of the units, which only root sees. */
final class Journalctl implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("no-pager", "q", "quiet", "x", "e", "r", "b", "k", "no-hostname"),
                Set.of("u", "unit", "n", "lines", "o", "output", "since", "S", "p", "until"));
        if (options.unknown() != null) {
            call.err("journalctl: unrecognized option '" + options.unknown() + "'");
            return 1;
        }
        String unit = options.value("u", "unit");
        var entries = call.uid() == 0
                ? call.machine().journal().entries(unit == null ? null : Units.full(unit))
                : List.<Journal.Entry>of();
        String count = options.value("n", "lines");
        int from = count == null ? 0 : Math.max(0, entries.size() - Integer.parseInt(count));
        if (entries.isEmpty()) {
            call.line("-- No entries --");
            if (call.uid() != 0 && !options.has("q", "quiet")) {
                call.err("Hint: You are currently not seeing messages from other users and the system.");
            }
        }
        for (var entry : entries.subList(from, entries.size())) {
            call.line("cat".equals(options.value("o", "output")) ? entry.message() : entry.text());
        }
        return 0;
    }
}
