package dev.interlock.license.adapter.flexnet;

import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.app.FlexnetServers.Processing;
import dev.interlock.license.app.FlexnetServers.Written;
import dev.interlock.license.app.FlexnetSettings;
import dev.interlock.license.app.HostDirectory;
import dev.interlock.license.app.ServerTrouble;
import dev.interlock.license.app.ServerTrouble.Kind;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LogReading;
import dev.interlock.license.domain.Rejection;
import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.platform.ssh.SshConnections;
import dev.interlock.platform.ssh.SshTarget;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The vendor's commands on the license server's machine. The password goes by standard input into the environment of the command,
 * never into an argument (L41, L42). What the commands say when they fail is partly assumed; docs/offline-activation.md says which.
 */
@Singleton
final class FlexnetCommands {
    /** A larger one would not fit into one command with everything else. */
    static final int LARGEST_RESPONSE = 32 * 1024;

    private static final String FILE_FOLLOWS = "--- request.bin";
    private static final int NO_TOOL = 96;
    private static final String PASSWORD =
            "IFS= read -r TERADICI_LICENSE_SERVER_PASSWORD; export TERADICI_LICENSE_SERVER_PASSWORD\n";
    private static final String FOLDER = """
            d=$(mktemp -d) || exit 95
            trap 'rm -rf "$d"' EXIT
            cd "$d" || exit 95
            """;
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("MMM d, uuuu h:mm:ss a", Locale.US);

    private final SshConnections connections;
    private final HostDirectory hosts;
    private final Administrators administrators;
    private final FlexnetSettings settings;

    FlexnetCommands(
            SshConnections connections, HostDirectory hosts, Administrators administrators, FlexnetSettings settings) {
        this.connections = connections;
        this.hosts = hosts;
        this.administrators = administrators;
        this.settings = settings;
    }

    Written request(LicenseServer server, ActivationCode code, int total) {
        var result = administer(
                server,
                FOLDER + tool(settings.activate()) + "\"$t\" -g -a '" + code + "' -c " + total + " || exit $?\n"
                        + "echo '" + FILE_FOLLOWS + "'\nbase64 request.bin\n");
        if (!result.ok()) {
            throw refusal(server, result);
        }
        int at = result.out().indexOf(FILE_FOLLOWS);
        var contents = at < 0 ? "" : contents(result.out().substring(0, at));
        var machine = lines(contents).get("RequestHostID");
        if (at < 0 || machine == null) {
            throw new ServerTrouble(
                    Kind.REFUSED,
                    server.name() + " wrote no request that could be understood.",
                    "Run the command on the machine and compare what it prints.");
        }
        return new Written(
                Base64.getMimeDecoder()
                        .decode(result.out()
                                .substring(at + FILE_FOLLOWS.length())
                                .strip()),
                contents,
                machine);
    }

    Reading read(LicenseServer server, byte[] response) {
        if (response.length == 0) {
            return new Reading.Unreadable(Rejection.unreadable("The file is empty."));
        }
        if (response.length > LARGEST_RESPONSE) {
            return new Reading.Unreadable(Rejection.tooLarge(LARGEST_RESPONSE));
        }
        var result = run(server, FOLDER + tool(settings.activate()) + file(response) + "\"$t\" -v response.bin\n");
        if (!result.ok()) {
            if (result.exit() == NO_TOOL) {
                throw refusal(server, result);
            }
            return new Reading.Unreadable(
                    said(result).toLowerCase(Locale.ROOT).contains("damaged")
                            ? Rejection.altered()
                            : Rejection.unreadable("The license server's own command says: " + said(result)));
        }
        var contents = contents(result.out());
        var lines = lines(contents);
        var machine = lines.get("RequestHostID");
        var at = time(lines.getOrDefault("ResponseTime", ""));
        if (machine == null || at == null) {
            return new Reading.Unreadable(Rejection.unreadable(
                    "What the license server's own command shows of it has no machine or no time."));
        }
        var lifetime = lines.getOrDefault("Lifetime", "");
        return new Reading.Understood(new CapabilityResponse(
                null,
                "portal:" + lines.getOrDefault("ServerID", "unknown"),
                machine,
                lines.get("HostUUID"),
                at,
                lifetime.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(lifetime)) : null,
                List.of(),
                lines));
    }

    Processing process(LicenseServer server, byte[] response) {
        var result =
                administer(server, FOLDER + tool(settings.activate()) + file(response) + "\"$t\" -r response.bin\n");
        if (result.ok()) {
            return new Processing.Processed();
        }
        var said = said(result);
        if (said.contains(settings.processedBefore())) {
            return new Processing.ProcessedBefore();
        }
        if (result.exit() == NO_TOOL || said.contains("Connection to server failed or refused")) {
            throw refusal(server, result);
        }
        return new Processing.Refused(said);
    }

    Optional<LogReading> log(LicenseServer server) {
        if (Managed.of(server).hostId() == null) {
            return Optional.empty();
        }
        var result = run(server, """
                for u in flexnetls-TERADICI flexnetLS-TERADICI; do
                  s=$(systemctl is-active "$u" 2>/dev/null)
                  [ "$s" = inactive ] || [ -z "$s" ] || break
                done
                echo "${s:-unknown}"
                for f in /var/log/flexnetls-TERADICI/flexnetls.log /var/log/flexnetls-TERADICI/*.log; do
                  [ -f "$f" ] && { tail -n 40 "$f"; exit 0; }
                done
                exit 0
                """);
        var lines = result.out().lines().toList();
        return Optional.of(
                lines.isEmpty()
                        ? new LogReading("unknown", List.of())
                        : new LogReading(lines.getFirst(), lines.subList(1, lines.size())));
    }

    private CommandResult administer(LicenseServer server, String script) {
        var password = administrators.password(server);
        try (var session = connections.open(target(server))) {
            var result = session.run(PASSWORD + script, password.password(), settings.commandTimeout());
            var said = said(result).toLowerCase(Locale.ROOT);
            if (!result.ok() && said.contains("too many failed logins")) {
                throw administrators.lockedOut(server);
            }
            if (!result.ok() && said.contains("password")) {
                throw administrators.refused(server, password);
            }
            return result;
        }
    }

    private CommandResult run(LicenseServer server, String script) {
        try (var session = connections.open(target(server))) {
            return session.run(script, settings.commandTimeout());
        }
    }

    private SshTarget target(LicenseServer server) {
        var id = Managed.of(server).hostId();
        if (id == null) {
            throw new ServerTrouble(
                    Kind.NOT_SET_UP,
                    server.name() + " was registered without its host, so it can be read but not driven.",
                    "Run the command on its machine by hand, or register it with the host's id from the inventory.");
        }
        var host = hosts.find(id)
                .orElseThrow(() -> new ServerTrouble(
                        Kind.NOT_SET_UP,
                        "The inventory has told of no host " + id + " for " + server.name() + ".",
                        "Add the host to the inventory; it is known here a moment later."));
        return new SshTarget(host.id(), host.address(), host.port(), host.user(), host.credential(), host.hostKey());
    }

    private static String tool(List<String> names) {
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9._/-]{1,200}")) {
                throw new IllegalArgumentException("interlock.license.flexnet: no name of a command: " + name);
            }
        }
        return "for t in " + String.join(" ", names) + "; do command -v \"$t\" >/dev/null 2>&1 && break; t=; done\n"
                + "[ -n \"$t\" ] || { echo 'none of " + String.join(", ", names) + " is installed' >&2; exit " + NO_TOOL
                + "; }\n";
    }

    private static String file(byte[] response) {
        return "printf %s '" + Base64.getEncoder().encodeToString(response)
                + "' | base64 -d > response.bin || exit 95\n";
    }

    /** What it said last, without the vendor's prefix. */
    private static String said(CommandResult result) {
        var text = result.err().isBlank() ? result.out() : result.err();
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((a, b) -> b)
                .orElse("nothing, with exit code " + result.exit())
                .replaceFirst("^ERROR:\\s*", "");
    }

    private static ServerTrouble refusal(LicenseServer server, CommandResult result) {
        var said = said(result);
        var text = server.name() + ": " + said + (said.endsWith(".") ? "" : ".");
        if (said.contains("Connection to server failed or refused")) {
            return new ServerTrouble(
                    Kind.UNREACHABLE,
                    text,
                    "See whether its service is active, then whether the port is open. After a start it takes up to a"
                            + " minute.");
        }
        if (said.contains("not been configured for HTTPS")) {
            return new ServerTrouble(
                    Kind.REFUSED, text, "Its certificate bundle is missing or wrong: update or reinstall the server.");
        }
        if (result.exit() == NO_TOOL) {
            return new ServerTrouble(
                    Kind.NOT_SET_UP,
                    text,
                    "Install the license server's commands, or name them in interlock.license.flexnet.activate.");
        }
        return new ServerTrouble(Kind.REFUSED, text, "Run the command on the machine to see more.");
    }

    /** The lines {@code Name=value}; the sentence before them tells a path of the machine only. */
    private static String contents(String out) {
        return String.join(
                "\n",
                out.lines()
                        .map(String::strip)
                        .filter(line -> line.matches("[A-Za-z]+=.*"))
                        .map(line -> line.replaceFirst("=\"(.*)\"$", "=$1"))
                        .toList());
    }

    private static Map<String, String> lines(String contents) {
        var lines = new LinkedHashMap<String, String>();
        contents.lines().forEach(line -> {
            int at = line.indexOf('=');
            lines.put(line.substring(0, at), line.substring(at + 1));
        });
        return lines;
    }

    private @Nullable Instant time(String text) {
        // newer Javas write a narrow no-break space before AM and PM
        var plain = text.replace('\u202f', ' ').replace('\u00a0', ' ').strip();
        try {
            return LocalDateTime.parse(plain, SHOWN).atZone(settings.zone()).toInstant();
        } catch (DateTimeException other) {
            try {
                return Instant.parse(plain);
            } catch (DateTimeException unknown) {
                return null;
            }
        }
    }
}
