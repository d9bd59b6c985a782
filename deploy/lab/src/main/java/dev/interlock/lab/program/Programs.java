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
        SystemPrograms.add(ALL);
        ALL.put("systemctl", new Systemctl());
        ALL.put("rpm", new Rpm());
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
