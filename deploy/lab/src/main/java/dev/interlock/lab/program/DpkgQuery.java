package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.List;

/** dpkg-query where packages are those of rpm: it knows none. */
final class DpkgQuery implements Program {
    @Override
    public int run(Call call) throws IOException {
        List<String> names =
                call.arguments().stream().filter(a -> !a.startsWith("-")).toList();
        for (String name : names) {
            call.err("dpkg-query: no packages found matching " + name);
        }
        return names.isEmpty() ? 0 : 1;
    }
}
