package dev.interlock.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a command reads and writes.
 *
 * @param interactive whether a person sits there: colours, progress in place, questions
 * @param width in columns; {@link Integer#MAX_VALUE} where nothing must be cut
 * @param directory where relative paths begin
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean interactive,
        int width,
        Path directory) {

    /** Environment variable that {@code ./interlock} stands for: the folder that it is in. */
    static final String ROOT = "INTERLOCK_ROOT";

    /** Colours of words that tell a state. */
    enum Colour {
        GREEN("32"),
        YELLOW("33"),
        RED("31"),
        BOLD("1"),
        FAINT("2");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    static Terminal ofProcess() {
        var environment = new HashMap<>(System.getenv());
        String root = System.getProperty("interlock.root");
        if (root != null) {
            environment.putIfAbsent(ROOT, root);
        }
        boolean interactive =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        var utf8 = StandardCharsets.UTF_8;
        return new Terminal(
                System.in,
                new PrintStream(System.out, true, utf8),
                new PrintStream(System.err, true, utf8),
                environment,
                interactive,
                interactive ? columns(System.getenv()) : Integer.MAX_VALUE,
                Path.of("").toAbsolutePath());
    }

    boolean colours() {
        String no = environment.get("NO_COLOR");
        return interactive && (no == null || no.isEmpty()) && !"dumb".equals(environment.get("TERM"));
    }

    String paint(Colour colour, String text) {
        return colours() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
    }

    /** Asks a yes-or-no question; only a clear yes counts. */
    boolean confirmed(String question) {
        out.print(question + " [y/N] ");
        out.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null
                    && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            return false;
        }
    }

    private static int columns(Map<String, String> environment) {
        String told = environment.get("COLUMNS");
        if (told != null && told.matches("[1-9][0-9]{0,4}")) {
            return Integer.parseInt(told);
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/tty")))
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(stty.getInputStream().readNBytes(64), StandardCharsets.UTF_8).strip();
            if (stty.waitFor(1, TimeUnit.SECONDS) && answer.matches("\\d+ [1-9]\\d*")) {
                return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            }
        } catch (IOException e) {
            return 80;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 80;
    }
}
