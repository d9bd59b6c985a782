package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which services to talk to, and as whom. From strong to weak: options, environment variables, the state file that
 * {@code interlock up} and {@code interlock demo --keep} write, the usual ports.
 *
 * <p>The state file: {@code {"services":{"inventory":"http://…",…},"tokens":{"admin":"<path of a token file>",…}}}.
 */
final class Settings {

    private static final Set<String> NOT_RUNNING = Set.of("stopping", "stopped", "failed");

    private final Terminal terminal;
    private final Map<Service, URI> byOption = new EnumMap<>(Service.class);
    private @Nullable Path stateFile;
    private @Nullable Path tokenFile;
    private @Nullable String as;

    Settings(Terminal terminal) {
        this.terminal = terminal;
    }

    void address(Service service, URI address) {
        byOption.put(service, address);
    }

    void stateFile(Path file) {
        stateFile = file;
    }

    void tokenFile(Path file) {
        tokenFile = file;
    }

    void as(String name) {
        as = name;
    }

    URI address(Service service) {
        URI option = byOption.get(service);
        if (option != null) {
            return parsed(option.toString(), "--" + service.word() + "-url");
        }
        String variable = variable(service.variable());
        if (variable != null) {
            return parsed(variable, service.variable());
        }
        JsonNode known = state().path("services").path(service.word());
        return known.isTextual() ? parsed(known.asText(), "the state file") : service.usualAddress();
    }

    /** The token's text, which is never printed. */
    String token() {
        if (tokenFile != null) {
            return read(tokenFile, "--token-file");
        }
        if (as != null) {
            JsonNode path = state().path("tokens").path(as);
            if (!path.isTextual()) {
                var names = new ArrayList<String>();
                state().path("tokens").fieldNames().forEachRemaining(names::add);
                throw new Failure(
                        Failure.NO_TOKEN,
                        "There is no token for '" + as + "'"
                                + (names.isEmpty()
                                        ? ": no state file with tokens was found."
                                        : ". There is one for: " + String.join(", ", names) + "."));
            }
            return read(besideState(path.asText()), "the token of " + as);
        }
        String variable = variable("INTERLOCK_TOKEN");
        if (variable != null) {
            return variable.strip();
        }
        String file = variable("INTERLOCK_TOKEN_FILE");
        if (file != null) {
            return read(terminal.directory().resolve(file), "INTERLOCK_TOKEN_FILE");
        }
        JsonNode admin = state().path("tokens").path("admin");
        if (admin.isTextual()) {
            return read(besideState(admin.asText()), "the administrator's token");
        }
        throw new Failure(
                Failure.NO_TOKEN,
                "No token. Start the product with `./interlock up` in this folder, or name a token's file with"
                        + " --token-file or INTERLOCK_TOKEN_FILE.");
    }

    private String read(Path file, String what) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new Failure(Failure.NO_TOKEN, "There is no token in " + file + " (" + what + ").");
            }
            return token;
        } catch (IOException e) {
            throw new Failure(
                    Failure.NO_TOKEN, "Cannot read " + file + " (" + what + "): it is not there or not yours.");
        }
    }

    private Path besideState(String path) {
        Path file = findState();
        Path folder = file == null ? null : file.toAbsolutePath().getParent();
        return folder == null ? Path.of(path) : folder.resolve(path);
    }

    private JsonNode state() {
        Path file = findState();
        if (file == null) {
            return new ObjectMapper().createObjectNode();
        }
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw Failure.usage("Cannot read the state file " + file + ". Start the product again, or name another file"
                    + " with --state-file.");
        }
    }

    private @Nullable Path findState() {
        if (stateFile != null) {
            return stateFile;
        }
        String told = variable("INTERLOCK_STATE");
        if (told != null) {
            return terminal.directory().resolve(told);
        }
        var found = new ArrayList<Path>();
        for (Path folder = terminal.directory(); folder != null; folder = folder.getParent()) {
            addStates(folder, found);
        }
        String root = variable(Terminal.ROOT);
        if (root != null) {
            addStates(Path.of(root), found);
        }
        return found.stream().filter(Settings::runs).findFirst().orElse(found.isEmpty() ? null : found.getFirst());
    }

    /** What {@code up} keeps comes before what {@code demo --keep} left running. */
    private static void addStates(Path folder, List<Path> found) {
        for (String file : List.of("state.json", "demo/state.json")) {
            Path state = folder.resolve(".interlock").resolve(file);
            if (Files.isRegularFile(state)) {
                found.add(state);
            }
        }
    }

    /** A file without a status was written by hand: its services are taken to run. */
    private static boolean runs(Path state) {
        try {
            return !NOT_RUNNING.contains(
                    new ObjectMapper().readTree(state.toFile()).path("status").asText());
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable String variable(String name) {
        String value = terminal.environment().get(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static URI parsed(String text, String where) {
        try {
            URI address = URI.create(text.strip());
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw Failure.usage("Not an address (" + where + "): " + text);
        }
        throw Failure.usage("Not an http address (" + where + "): " + text);
    }
}
