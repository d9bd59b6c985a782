package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the guide, the services' answers and the console tell people to type is what the command line understands. */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of(System.getProperty("interlock.root", ".."));

    /** Those that {@code ./interlock} has besides; deploy/standalone reads them. */
    private static final List<String> OF_THE_SCRIPT =
            List.of("up", "down", "status", "demo", "test", "build", "token", "help");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final Pattern REST = Pattern.compile("\\s+(#|>|\\||&&).*");
    private static final Pattern NAMED = Pattern.compile("\\binterlock ([a-z]+(?:-[a-z]+)*) ([a-z]+(?:-[a-z]+)*)");

    private record Line(Path file, int number, String text) {
        @Override
        public String toString() {
            return ROOT.relativize(file) + ":" + number + ": " + text;
        }
    }

    @Test
    void everyCommandLineOfTheGuideIsUnderstood() throws IOException {
        var told = new ArrayList<Line>();
        for (Path page : files(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("docs")), ".md")) {
            told.addAll(commandLines(page));
        }
        assertThat(told).as("command lines of the guide").hasSizeGreaterThan(50);

        var notUnderstood = new ArrayList<String>();
        for (Line line : told) {
            List<String> words = words(line.text());
            if (OF_THE_SCRIPT.contains(words.getFirst())) {
                continue;
            }
            try {
                commandLine().parseArgs(words.toArray(String[]::new));
            } catch (ParameterException e) {
                notUnderstood.add(line + "\n  " + e.getMessage());
            }
        }
        assertThat(notUnderstood).isEmpty();
    }

    /** As in {@code Next: interlock runs show …}, which no parser sees in whole. */
    @Test
    void everyCommandThatIsNamedSomewhereIsThere() throws IOException {
        Map<String, CommandLine> commands = commandLine().getSubcommands();
        int seen = 0;
        var unknown = new ArrayList<String>();
        for (Path file : files(
                Stream.of(
                                "docs",
                                "README.md",
                                "cli/src/main",
                                "inventory-service/src/main",
                                "license-service/src/main",
                                "upgrade-service/src/main",
                                "agent-monitor/src/main",
                                "platform/src/main",
                                "console/src/main",
                                "console/web/src",
                                "deploy/standalone/src/main",
                                "deploy/grafana",
                                "deploy/prometheus")
                        .map(ROOT::resolve),
                ".md",
                ".java",
                ".ts",
                ".tsx",
                ".json",
                ".yaml",
                ".yml",
                ".sql")) {
            int number = 0;
            for (String text : Files.readAllLines(file)) {
                number++;
                var named = NAMED.matcher(text);
                while (named.find()) {
                    CommandLine command = commands.get(named.group(1));
                    if (command == null || command.getSubcommands().isEmpty()) {
                        continue;
                    }
                    seen++;
                    if (!command.getSubcommands().containsKey(named.group(2))) {
                        unknown.add(new Line(file, number, named.group()).toString());
                    }
                }
            }
        }
        assertThat(seen).as("commands that are named").isGreaterThan(50);
        assertThat(unknown).isEmpty();
    }

    /** In code blocks; one that ends in a backslash goes on in the next line. */
    private static List<Line> commandLines(Path page) throws IOException {
        var lines = new ArrayList<Line>();
        boolean inBlock = false;
        int number = 0;
        String begun = "";
        for (String text : Files.readAllLines(page)) {
            number++;
            String line = begun + text.strip();
            begun = "";
            if (line.startsWith("```")) {
                inBlock = !inBlock;
            } else if (inBlock && line.endsWith("\\")) {
                begun = line.substring(0, line.length() - 1);
            } else if (inBlock && line.matches("(\\$ )?(\\./)?interlock .*")) {
                String command = line.substring(line.indexOf("interlock ") + "interlock ".length());
                lines.add(new Line(page, number, REST.matcher(command).replaceFirst("")));
            }
        }
        return lines;
    }

    private static List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> Stream.of(word.group(1), word.group(2), word.group(3))
                        .filter(each -> each != null)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    private static List<Path> files(Stream<Path> roots, String... endings) {
        return roots.flatMap(root -> {
                    try (var found = Files.walk(root)) {
                        return found.filter(Files::isRegularFile).toList().stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                .filter(file -> !file.toString().contains("node_modules")
                        && !file.toString().contains("/generated/"))
                .sorted()
                .toList();
    }

    private static CommandLine commandLine() {
        var silent = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return InterlockCli.commandLine(
                new Terminal(new ByteArrayInputStream(new byte[0]), silent, silent, Map.of(), false, 80, Path.of("")));
    }
}
