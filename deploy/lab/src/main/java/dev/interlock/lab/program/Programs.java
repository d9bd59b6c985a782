package dev.interlock.lab.program;

import dev.interlock.lab.machine.Program;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every program a host may have. They keep no state, so all hosts share them. */
public final class Programs {
    private static final Map<String, Program> ALL = new TreeMap<>();

    static {
        TextPrograms.add(ALL);
        FilePrograms.add(ALL);
        ShellPrograms.add(ALL);
        RunnerPrograms.add(ALL);
        SignalPrograms.add(ALL);
        TimePrograms.add(ALL);
        HostPrograms.add(ALL);
        UserPrograms.add(ALL);
        ALL.put("sudo", new Sudo());
        ALL.put("ps", new Ps());
        ALL.put("ss", new Ss());
        ALL.put("journalctl", new Journalctl());
        ALL.put("logger", _ -> 0);
        ALL.put("systemctl", new Systemctl());
        ALL.put("rpm", new Rpm());
        ALL.put("dpkg-query", new DpkgQuery());
        ALL.put("dnf", new Dnf());
        ALL.put("yum", new Dnf());
        ALL.put("curl", new Curl());
        ALL.put("pg_dump", new PgDump());
        ALL.put("pg_restore", new PgRestore());
    }

    private Programs() {}

    public static @Nullable Program find(String name) {
        return ALL.get(name);
    }

    public static Set<String> names() {
        return ALL.keySet();
    }
}
