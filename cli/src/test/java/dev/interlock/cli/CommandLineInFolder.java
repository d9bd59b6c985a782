package dev.interlock.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands as in a folder with the state file of {@code interlock up}. */
final class CommandLineInFolder {

    record Result(int exitCode, String out, String err) {}

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private boolean interactive;
    private int width = Integer.MAX_VALUE;
    private String typed = "";

    CommandLineInFolder(Path folder) {
        this.folder = folder;
    }

    CommandLineInFolder token(String name, String token) throws IOException {
        Path file = Files.createDirectories(folder.resolve(".interlock/tokens")).resolve(name);
        Files.writeString(file, token + "\n");
        return this;
    }

    /** Writes the state file: one token file a name that was given before, paths beside the file. */
    CommandLineInFolder state(Map<Service, URI> services) throws IOException {
        var state = Api.JSON.createObjectNode();
        var addresses = state.putObject("services");
        services.forEach((service, address) -> addresses.put(service.word(), address.toString()));
        var tokens = state.putObject("tokens");
        try (var files = Files.list(folder.resolve(".interlock/tokens"))) {
            files.forEach(file -> tokens.put(file.getFileName().toString(), "tokens/" + file.getFileName()));
        }
        Files.writeString(folder.resolve(".interlock/state.json"), state.toString());
        return this;
    }

    CommandLineInFolder environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** As if a person sat at a terminal so wide. */
    CommandLineInFolder terminal(int columns) {
        interactive = true;
        width = columns;
        return this;
    }

    CommandLineInFolder typing(String text) {
        typed = text;
        return this;
    }

    Result run(String... command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                interactive,
                width,
                folder);
        int exitCode = InterlockCli.execute(terminal, command);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
