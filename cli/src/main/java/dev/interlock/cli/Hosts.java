package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "hosts", description = "The inventory's hosts.")
final class Hosts {

    private final Desk desk;

    Hosts(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists hosts.")
    int list(
            @Option(names = "--status", description = "new, reachable, unreachable, host-key-changed, retired")
                    @Nullable
                    String status,
            @Option(names = "--product", description = "Only hosts with this product.") @Nullable String product,
            @Option(
                            names = {"-q", "--search"},
                            description = "Only hosts whose name or address holds this.")
                    @Nullable
                    String search,
            @Mixin Limit limit) {
        return desk.list(
                Service.INVENTORY,
                "/hosts",
                new Api.Query().with("status", status).with("product", product).with("q", search),
                limit,
                column("NAME", "/name"),
                column("ADDRESS", "/address"),
                column("PORT", "/port"),
                column("STATUS", "/status"),
                column("SYSTEM", "/osName"),
                column("COMPONENTS", "/components"),
                column("SEEN", "/seenAt"),
                column("ID", "/hostId"));
    }

    @Command(description = "Shows one host and what the last probe read.")
    int show(@Parameters(paramLabel = "HOST", description = "Name or id.") String host) {
        return desk.show(desk.api(Service.INVENTORY).get("/hosts/" + desk.host(host)));
    }

    @Command(description = "Lists what was found on a host over time, newest first, with what changed.")
    int facts(@Parameters(paramLabel = "HOST", description = "Name or id.") String host, @Mixin Limit limit) {
        return desk.list(
                Service.INVENTORY,
                "/hosts/" + desk.host(host) + "/facts",
                new Api.Query(),
                limit,
                column("OBSERVED", "/observedAt"),
                column("SYSTEM", "/os"),
                column("CHANGES", "/changes"));
    }

    @Command(description = "Adds a host. Without --host-key its key must be accepted before anything is done to it.")
    int add(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ADDRESS", description = "Name or IP address for SSH.") String address,
            @Option(names = "--port", defaultValue = "22", description = "SSH port (default 22).") int port,
            @Option(names = "--user", required = true, description = "User for SSH.") String user,
            @Option(names = "--credential", required = true, description = "Name of the credential; never the secret.")
                    String credential,
            @Option(names = "--host-key", description = "Public host key, as 'ssh-ed25519 AAAA…'.") @Nullable
                    String hostKey,
            @Option(names = "--label", paramLabel = "KEY=VALUE") @Nullable Map<String, String> labels) {
        ObjectNode body = Desk.body();
        body.put("name", name).put("address", address).put("port", port);
        body.put("user", user).put("credential", credential);
        if (hostKey != null) {
            body.put("hostKey", hostKey);
        }
        if (labels != null) {
            labels.forEach(body.putObject("labels")::put);
        }
        JsonNode created = desk.api(Service.INVENTORY).create("/hosts", body);
        return desk.done("Added " + name + " (" + Desk.id(created) + ").", created);
    }

    @Command(
            name = "import",
            description =
                    "Imports hosts and deployments from a CSV file or an Ansible inventory. Importing the same file"
                            + " again changes nothing.")
    int importFile(
            @Parameters(paramLabel = "FILE", description = "A file, or - for standard input.") String file,
            @Option(names = "--format", description = "csv, ansible-ini or ansible-yaml; else by the file's name.")
                    @Nullable
                    String format,
            @Option(names = "--dry-run", description = "Only say what would be done.") boolean dryRun)
            throws IOException {
        String chosen = format == null ? formatOf(file) : format;
        JsonNode report = desk.api(Service.INVENTORY)
                .postText(
                        "/imports",
                        new Api.Query().with("format", chosen).with("dryRun", dryRun ? true : null),
                        read(file));
        if (desk.output().forPeople()) {
            desk.terminal()
                    .out()
                    .println((dryRun ? "Would be: " : "") + count(report, "created") + " created, "
                            + count(report, "updated") + " updated, " + count(report, "unchanged") + " unchanged, "
                            + count(report, "deployments") + " deployments, " + count(report, "rejected")
                            + " rejected.");
            for (String kind : List.of("rejected", "warnings")) {
                List<JsonNode> lines = Output.all(report.path(kind));
                if (!lines.isEmpty()) {
                    desk.output()
                            .table(
                                    lines,
                                    column("LINE", "/line"),
                                    column("FIELD", "/field"),
                                    column("PROBLEM", "/problem"),
                                    column("NEXT", "/next"));
                }
            }
        } else {
            desk.output().show(report);
        }
        return report.path("rejected").isEmpty() ? 0 : Failure.REFUSED;
    }

    @Command(description = "Has hosts probed over SSH now.")
    int probe(
            @Parameters(paramLabel = "HOST", arity = "0..*", description = "Names or ids.") @Nullable
                    List<String> hosts,
            @Option(names = "--every", description = "Probe every host that is not retired.") boolean every,
            @Option(names = "--updates", description = "Also list pending updates, which takes longer.")
                    boolean updates,
            @Option(names = "--wait", description = "Wait until each was probed, and show them.") boolean wait)
            throws InterruptedException {
        Api api = desk.api(Service.INVENTORY);
        var before = new ArrayList<JsonNode>();
        if (every) {
            api.pages("/hosts", new Api.Query(), null, host -> {
                if (!host.path("status").asText().equals("retired")) {
                    before.add(host);
                }
            });
        } else if (hosts == null || hosts.isEmpty()) {
            throw Failure.usage("Which hosts? Name some, or say --every.");
        } else {
            hosts.forEach(host -> before.add(desk.find(Service.INVENTORY, "hosts", "host", host)));
        }
        JsonNode answer = Api.JSON.createArrayNode();
        for (JsonNode host : before) {
            answer = api.post(
                    "/hosts/" + Desk.id(host) + "/probes", new Api.Query().with("updates", updates ? true : null));
        }
        if (!wait) {
            return desk.done("Asked for " + before.size() + " probes. See `interlock hosts list`.", answer);
        }
        var after = new ArrayList<JsonNode>();
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        for (JsonNode host : before) {
            after.add(awaitProbe(api, host, deadline));
        }
        desk.output()
                .list(
                        after,
                        false,
                        column("NAME", "/name"),
                        column("STATUS", "/status"),
                        column("SYSTEM", "/osName"),
                        column("COMPONENTS", "/components"),
                        column("SEEN", "/seenAt"),
                        column("TROUBLE", "/trouble/detail"));
        return after.stream().allMatch(host -> host.path("status").asText().equals("reachable")) ? 0 : Failure.REFUSED;
    }

    @Command(
            name = "accept-key",
            description = "Pins a host's SSH key: at first contact, or after it changed and you know why. Compare the"
                    + " fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub).")
    int acceptKey(
            @Parameters(paramLabel = "HOST", description = "Name or id.") String host,
            @Option(
                            names = "--host-key",
                            description = "The key, as 'ssh-ed25519 AAAA…'; else the one it last presented.")
                    @Nullable
                    String hostKey,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        Api api = desk.api(Service.INVENTORY);
        String id = desk.host(host);
        String key = hostKey;
        if (key == null) {
            JsonNode known = api.get("/hosts/" + id);
            key = known.path("presentedHostKey").textValue();
            if (key == null) {
                throw new Failure(
                        Failure.REFUSED,
                        host + " has presented no key that waits for a word. Probe it first, or give --host-key.");
            }
            if (!yes) {
                String question = host + " presents " + HostKeyFingerprint.of(key) + ". Is that its key?";
                if (!desk.terminal().interactive()) {
                    throw Failure.usage(question + " Say so with --yes, or give the key with --host-key.");
                }
                if (!desk.terminal().confirmed(question)) {
                    throw new Failure(Failure.REFUSED, "Nothing was pinned.");
                }
            }
        }
        ObjectNode body = Desk.body().put("hostKey", key);
        return desk.done(
                "Pinned " + HostKeyFingerprint.of(key) + " for " + host + ".",
                api.post("/hosts/" + id + "/host-key", body));
    }

    @Command(description = "Takes a host out of the inventory.")
    int retire(
            @Parameters(paramLabel = "HOST", description = "Name or id.") String host,
            @Option(names = "--reason", required = true) String reason) {
        JsonNode answer =
                desk.api(Service.INVENTORY).post("/hosts/" + desk.host(host) + "/retirement", Desk.reason(reason));
        return desk.done("Retired " + host + ".", answer);
    }

    private static JsonNode awaitProbe(Api api, JsonNode before, long deadline) throws InterruptedException {
        while (true) {
            JsonNode now = api.get("/hosts/" + Desk.id(before));
            if (!before.path("probedAt").equals(now.path("probedAt")) || System.nanoTime() > deadline) {
                return now;
            }
            Thread.sleep(250);
        }
    }

    private static int count(JsonNode report, String what) {
        JsonNode value = report.path(what);
        return value.isArray() ? value.size() : value.asInt();
    }

    private String read(String file) throws IOException {
        if (file.equals("-")) {
            return new String(desk.terminal().in().readAllBytes(), StandardCharsets.UTF_8);
        }
        Path path = desk.terminal().directory().resolve(file);
        if (!Files.isReadable(path)) {
            throw Failure.usage("Cannot read " + path + ".");
        }
        return Files.readString(path);
    }

    private static String formatOf(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return "csv";
        } else if (name.endsWith(".yml") || name.endsWith(".yaml")) {
            return "ansible-yaml";
        }
        boolean bare =
                !name.equals("-") && !name.substring(name.lastIndexOf('/') + 1).contains(".");
        if (bare || name.endsWith(".ini")) {
            return "ansible-ini";
        }
        throw Failure.usage("What is in " + file + "? Say --format csv, ansible-ini or ansible-yaml.");
    }
}
