package dev.interlock.standalone;

import dev.interlock.cli.InterlockCli;
import dev.interlock.embedded.EmbeddedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the script {@code ./interlock} runs. */
public final class Main {
    private static final String HELP = """
            Interlock: inventories, licenses, upgrades and monitors a remote-desktop estate.

              ./interlock demo [--keep]   tells its story on a simulated estate, in a minute
              ./interlock up              starts everything on this machine and keeps the data
              ./interlock status | down   shows it | stops it
              ./interlock token --user NAME --role ROLE
                                          prints a bearer token (viewer, operator, approver, admin, service)
              ./interlock test            runs every test
              ./interlock build           builds, also when nothing changed

            For operators, over the services' APIs (each with --help):

              hosts  deployments  license-servers  pools  authority  sessions  agents  grace  products  releases
              plans  runs  dead-letters  audit  completion
            """;

    private Main() {}

    public static void main(String... arguments) {
        int exit;
        try {
            exit = run(arguments);
        } catch (StandaloneException | EmbeddedException e) {
            System.err.println("interlock: " + e.getMessage());
            exit = 1;
        }
        System.out.flush();
        System.exit(exit);
    }

    private static int run(String... arguments) {
        Java.requireVersion();
        var root = System.getProperty("interlock.root", "");
        var commands = new Commands(Path.of(root, ".interlock"), System.out);
        var command = arguments.length == 0 ? "help" : arguments[0];
        var rest = arguments.length == 0
                ? List.<String>of()
                : Arrays.asList(arguments).subList(1, arguments.length);
        return switch (command) {
            case "help", "--help", "-h" -> {
                System.out.print(HELP);
                yield 0;
            }
            case "up" -> commands.up(rest);
            case "down" -> commands.down(rest);
            case "status" -> commands.status(rest);
            case "token" -> commands.token(rest);
            case "demo" -> Demo.run(Path.of(root, ".interlock", "demo"), rest);
            case "supervise" -> Launcher.supervise(Settings.parse(Path.of(root, ".interlock"), rest));
            default -> {
                InterlockCli.main(arguments);
                yield 0;
            }
        };
    }
}
