package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.client.ClientException;
import dev.interlock.client.PathPartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The operators' command line: {@code interlock <things> <verb>}. */
@Command(
        name = "interlock",
        description = "Inventories, licenses, upgrades and monitors a remote-desktop estate.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        versionProvider = InterlockCli.Version.class)
public final class InterlockCli {

    private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

    static {
        EXIT_CODES.put("0", "done");
        EXIT_CODES.put("1", "refused by the service (why and what next is printed), or a run did not complete");
        EXIT_CODES.put("2", "wrong usage");
        EXIT_CODES.put("3", "the service does not answer");
        EXIT_CODES.put("4", "no token, or one that is not accepted");
    }

    private interface Subcommand {
        Object of(Desk desk);
    }

    /** By the name that each has, in the order of the help. */
    private static final Map<String, Subcommand> SUBCOMMANDS = new LinkedHashMap<>();

    static {
        SUBCOMMANDS.put("hosts", Hosts::new);
        SUBCOMMANDS.put("deployments", Deployments::new);
        SUBCOMMANDS.put("license-servers", LicenseServers::new);
        SUBCOMMANDS.put("pools", Pools::new);
        SUBCOMMANDS.put("authority", Authority::new);
        SUBCOMMANDS.put("sessions", Sessions::new);
        SUBCOMMANDS.put("agents", Agents::new);
        SUBCOMMANDS.put("grace", Agents.Grace::new);
        SUBCOMMANDS.put("products", Releases.Products::new);
        SUBCOMMANDS.put("releases", Releases::new);
        SUBCOMMANDS.put("plans", Plans::new);
        SUBCOMMANDS.put("runs", Runs::new);
        SUBCOMMANDS.put("verify-trace", VerifyTrace::new);
        SUBCOMMANDS.put("dead-letters", DeadLetters::new);
        SUBCOMMANDS.put("audit", Audit::new);
        SUBCOMMANDS.put("completion", Completion::new);
    }

    private final Desk desk;

    private InterlockCli(Desk desk) {
        this.desk = desk;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(execute(Terminal.ofProcess(), args));
    }

    static int execute(Terminal terminal, String... args) {
        return commandLine(terminal, args).execute(args);
    }

    /**
     * To read a command's options and parameters takes longer than what most commands do: where one is named only that one is
     * read. Help, completion and what is misspelled need them all.
     */
    private static Collection<Subcommand> wanted(String... args) {
        Subcommand named = args.length == 0 ? null : SUBCOMMANDS.get(args[0]);
        return named == null ? SUBCOMMANDS.values() : List.of(named);
    }

    /** @param args the command line that it is to read; without, it knows every command */
    static CommandLine commandLine(Terminal terminal, String... args) {
        var desk = new Desk(terminal);
        var line = new CommandLine(new InterlockCli(desk));
        wanted(args).forEach(command -> line.addSubcommand(command.of(desk)));
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setHelpFactory(OwnOptionsHelp::new);
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(desk, failure));
        return line;
    }

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "table (default), json or yaml.")
    void output(Output.Format format) {
        desk.output().format(format);
    }

    @Option(
            names = "--as",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "Whose token of the state file to use, for example operator or approver (default admin).")
    void as(String name) {
        desk.settings().as(name);
    }

    @Option(
            names = "--token-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "File that holds the token; also INTERLOCK_TOKEN_FILE or INTERLOCK_TOKEN.")
    void tokenFile(Path file) {
        desk.settings().tokenFile(desk.terminal().directory().resolve(file));
    }

    @Option(
            names = "--state-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "State file of `interlock up` (default .interlock/state.json here or above); also INTERLOCK_STATE.")
    void state(Path file) {
        desk.settings().stateFile(desk.terminal().directory().resolve(file));
    }

    @Option(
            names = "--inventory-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Also INTERLOCK_INVENTORY_URL.")
    void inventory(URI address) {
        desk.settings().address(Service.INVENTORY, address);
    }

    @Option(
            names = "--license-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Also INTERLOCK_LICENSE_URL.")
    void license(URI address) {
        desk.settings().address(Service.LICENSE, address);
    }

    @Option(
            names = "--upgrade-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Also INTERLOCK_UPGRADE_URL.")
    void upgrade(URI address) {
        desk.settings().address(Service.UPGRADE, address);
    }

    @Option(
            names = "--agent-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Also INTERLOCK_AGENT_URL.")
    void agent(URI address) {
        desk.settings().address(Service.AGENT, address);
    }

    private static int report(Desk desk, Exception thrown) {
        Terminal terminal = desk.terminal();
        Exception failure = switch (thrown) {
            case ClientException unanswered -> desk.failure(unanswered);
            case PathPartException wrong -> Failure.usage(String.valueOf(wrong.getMessage()));
            default -> thrown;
        };
        if (failure instanceof Failure expected) {
            JsonNode problem = expected.problem();
            if (problem != null && !desk.output().forPeople()) {
                terminal.err().println(problem);
            } else {
                terminal.err().println(terminal.paint(Terminal.Colour.RED, String.valueOf(expected.getMessage())));
            }
            return expected.exitCode();
        }
        terminal.err().println("This is a defect of the command line: " + failure);
        if (terminal.environment().containsKey("INTERLOCK_DEBUG")) {
            failure.printStackTrace(terminal.err());
        }
        return Failure.DEFECT;
    }

    /** A command's help shows its own options; those that every command has stand in {@code interlock --help}. */
    private static final class OwnOptionsHelp extends CommandLine.Help {
        OwnOptionsHelp(CommandSpec command, ColorScheme colours) {
            super(command, colours);
        }

        @Override
        public String optionList() {
            return optionListExcludingGroups(own(commandSpec().options()));
        }

        @Override
        public String footer(Object... parameters) {
            return (commandSpec().parent() == null ? "" : "\nFurther options of every command: interlock --help\n")
                    + super.footer(parameters);
        }

        @Override
        protected Ansi.Text createDetailedSynopsisOptionsText(
                Collection<ArgSpec> done,
                List<OptionSpec> options,
                @Nullable Comparator<OptionSpec> order,
                boolean cluster) {
            return super.createDetailedSynopsisOptionsText(done, own(options), order, cluster);
        }

        private static List<OptionSpec> own(List<OptionSpec> options) {
            return options.stream().filter(option -> !option.inherited()).toList();
        }
    }

    /** {@code interlock --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var built = new Properties();
            try (InputStream file = InterlockCli.class.getResourceAsStream("version.properties")) {
                built.load(file);
            }
            return new String[] {"interlock " + built.getProperty("version")};
        }
    }

    /** {@code interlock completion}. */
    @Command(
            name = "completion",
            description = "Prints a completion script for bash and zsh: source <(interlock completion).")
    static final class Completion implements Runnable {
        private final Desk desk;

        Completion(Desk desk) {
            this.desk = desk;
        }

        @Override
        public void run() {
            desk.terminal().out().print(AutoComplete.bash("interlock", commandLine(desk.terminal())));
            desk.terminal().out().flush();
        }
    }
}
