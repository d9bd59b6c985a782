package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Unit;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** ss: the ports on which sshd and the units listen. */
final class Ss implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "l",
                        "t",
                        "n",
                        "H",
                        "p",
                        "a",
                        "u",
                        "4",
                        "6",
                        "listening",
                        "tcp",
                        "numeric",
                        "no-header",
                        "processes"),
                Set.of());
        if (options.unknown() != null) {
            call.err("ss: invalid option -- '" + options.unknown().replace("-", "") + "'");
            return 255;
        }
        if (!options.has("H", "no-header")) {
            call.line("State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess");
        }
        if (options.has("u") && !options.has("t")) {
            return 0;
        }
        call.line("LISTEN 0      128          0.0.0.0:22        0.0.0.0:*          ");
        call.line("LISTEN 0      128             [::]:22           [::]:*          ");
        for (Unit unit : call.machine().units().listeners()) {
            for (int port : unit.file().ports()) {
                String owner = options.has("p", "processes")
                        ? "    users:((\""
                                + unit.file()
                                        .execStart()
                                        .replaceFirst(" .*", "")
                                        .replaceFirst(".*/", "") + "\",pid=" + unit.pid() + ",fd=3))"
                        : "          ";
                call.line(String.format(Locale.ROOT, "LISTEN 0      9      %18s            *:*%s", "*:" + port, owner));
            }
        }
        return 0;
    }
}
