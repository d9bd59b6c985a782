package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a host says of itself: system, name, processors, memory, addresses. */
final class HostPrograms {
    private HostPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("uname", HostPrograms::uname);
        all.put("hostname", call -> {
            call.line(call.machine().name());
            return 0;
        });
        all.put("nproc", call -> {
            call.line("2");
            return 0;
        });
        all.put("free", HostPrograms::free);
        all.put("ip", HostPrograms::ip);
    }

    private static int uname(Call call) throws IOException {
        var words = new ArrayList<String>();
        for (String argument : call.arguments().isEmpty() ? List.of("-s") : call.arguments()) {
            for (char c : argument.substring(1).toCharArray()) {
                switch (c) {
                    case 's' -> words.add("Linux");
                    case 'n' -> words.add(call.machine().name());
                    case 'r' -> words.add("5.14.0-427.el9.x86_64");
                    case 'v' -> words.add("#1 SMP PREEMPT_DYNAMIC");
                    case 'm', 'p', 'i' -> words.add("x86_64");
                    case 'o' -> words.add("GNU/Linux");
                    case 'a' ->
                        words.addAll(List.of(
                                "Linux",
                                call.machine().name(),
                                "5.14.0-427.el9.x86_64",
                                "#1",
                                "SMP",
                                "PREEMPT_DYNAMIC",
                                "x86_64",
                                "GNU/Linux"));
                    default -> {
                        return call.fail("invalid option -- '" + c + "'");
                    }
                }
            }
        }
        call.line(String.join(" ", words));
        return 0;
    }

    private static int free(Call call) throws IOException {
        long unit = call.arguments().contains("-m") ? 1024 : call.arguments().contains("-b") ? 0 : 1;
        long total = 4_000_000;
        long used = 900_000;
        call.line("               total        used        free      shared  buff/cache   available");
        call.line(String.format(
                Locale.ROOT,
                "Mem:     %11d %11d %11d %11d %11d %11d",
                of(total, unit),
                of(used, unit),
                of(total - used, unit),
                of(1000, unit),
                of(200_000, unit),
                of(total - used, unit)));
        call.line("Swap:              0           0           0");
        return 0;
    }

    private static long of(long kib, long unit) {
        return unit == 0 ? kib * 1024 : kib / unit;
    }

    private static int ip(Call call) throws IOException {
        call.line("1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever");
        return 0;
    }
}
