package dev.interlock.lab.ssh;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts a command as sshd does: in the user's home, with the environment of a session that is not a log-in. */
public final class Logins {
    private Logins() {}

    public static HostProcess start(Machine machine, int uid, String commandId, List<String> argv, Fds fds) {
        String user = machine.user(uid);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", machine.home(uid));
        environment.put("USER", user);
        environment.put("LOGNAME", user);
        environment.put("PATH", uid == 0 ? Machine.PATH : "/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin");
        environment.put("SHELL", "/bin/sh");
        environment.put("LANG", "C.UTF-8");
        return machine.spawn(
                null,
                uid,
                commandId,
                argv,
                fds,
                process -> new Call(process, argv, environment, machine.home(uid), fds).exec(argv));
    }
}
