package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Programs about the users of a host. */
final class UserPrograms {
    private UserPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("id", UserPrograms::id);
        all.put("whoami", call -> {
            call.line(call.machine().user(call.uid()));
            return 0;
        });
        all.put("getent", UserPrograms::getent);
    }

    private static int id(Call call) throws IOException {
        int uid = call.uid();
        String user = call.machine().user(uid);
        Options options = Options.of(call.arguments(), Set.of("u", "n", "g", "G", "r"), Set.of());
        if (options.has("u") || options.has("g") || options.has("G")) {
            call.line(options.has("n") ? user : String.valueOf(uid));
        } else {
            call.line("uid=" + uid + "(" + user + ") gid=" + uid + "(" + user + ") groups=" + uid + "(" + user + ")");
        }
        return 0;
    }

    private static int getent(Call call) throws IOException {
        List<String> a = call.arguments();
        if (a.size() == 2 && a.getFirst().equals("passwd")) {
            Integer uid = call.machine().uid(a.get(1));
            if (uid != null) {
                call.line(a.get(1) + ":x:" + uid + ":" + uid + "::"
                        + call.machine().home(uid) + ":/bin/sh");
                return 0;
            }
        }
        return 2;
    }
}
