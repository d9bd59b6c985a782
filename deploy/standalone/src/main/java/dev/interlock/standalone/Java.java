package dev.interlock.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How this program starts others of its kind. */
final class Java {
    private Java() {}

    /**
     * The command of a JVM with this one's class path. It stands in a session of its own where the operating system has
     * {@code setsid}, so that Ctrl-C reaches only the one who then stops the others in order.
     */
    static List<String> command(List<String> jvmOptions, Class<?> main, List<String> arguments) {
        return command(jvmOptions, System.getProperty("java.class.path"), main, arguments);
    }

    static List<String> command(List<String> jvmOptions, String classPath, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        } else if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")) {
            command.add("nohup");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xshare:auto");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Dstdout.encoding=UTF-8");
        command.add("-Dstderr.encoding=UTF-8");
        for (var name :
                List.of("interlock.root", "interlock.archives", "interlock.log.format", "interlock.log.level")) {
            var value = System.getProperty(name);
            if (value != null) {
                command.add("-D" + name + "=" + value);
            }
        }
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    static void requireVersion() {
        if (Runtime.version().feature() < 25) {
            throw new StandaloneException("Interlock needs a JDK 25; this is " + Runtime.version() + " in "
                    + System.getProperty("java.home") + ".");
        }
    }

    static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new StandaloneException("A process cannot be started: " + e.getMessage() + ".");
        }
    }
}
