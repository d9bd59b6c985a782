package dev.interlock.cli;

import static dev.interlock.cli.Table.column;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.client.Pages;
import dev.interlock.client.inventory.FormerFacts;
import dev.interlock.client.inventory.FormerFactsPage;
import dev.interlock.client.inventory.Host;
import dev.interlock.client.inventory.HostBody;
import dev.interlock.client.inventory.HostKeyBody;
import dev.interlock.client.inventory.HostPage;
import dev.interlock.client.inventory.HostsApi;
import dev.interlock.client.inventory.ImportReport;
import dev.interlock.client.inventory.ImportsApi;
import dev.interlock.client.inventory.LineProblem;
import dev.interlock.client.inventory.Reason;
import dev.interlock.client.inventory.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
        var wanted = new HostsApi.ListHosts().status(status).product(product).q(search);
        return desk.list(
                pages(wanted),
                limit,
                column("NAME", Host::name),
                column("ADDRESS", Host::address),
                column("PORT", Host::port),
                column("STATUS", Host::status),
                column("SYSTEM", Host::osName),
                column("COMPONENTS", Hosts::components),
                column("SEEN", Host::seenAt),
                column("ID", Host::hostId));
    }

    @Command(description = "Shows one host and what the last probe read.")
    int show(@Parameters(paramLabel = "HOST", description = "Name or id.") String host) {
        return desk.show(desk.hosts().showHost(desk.host(host)).json());
    }

    @Command(description = "Lists what was found on a host over time, newest first, with what changed.")
    int facts(@Parameters(paramLabel = "HOST", description = "Name or id.") String host, @Mixin Limit limit) {
        String id = desk.host(host);
        return desk.list(
                Pages.of(
                        (size, after) -> desk.hosts()
                                .listHostFacts(
                                        id,
                                        new HostsApi.ListHostFacts().limit(size).after(after)),
                        FormerFactsPage::items,
                        FormerFactsPage::next),
                limit,
                column("OBSERVED", FormerFacts::observedAt),
                column("SYSTEM", FormerFacts::os),
                column("CHANGES", FormerFacts::changes));
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
        var host = new HostBody()
                .withName(name)
                .withAddress(address)
                .withPort(port)
                .withUser(user)
                .withCredential(credential)
                .withHostKey(hostKey)
                .withLabels(labels);
        var created = desk.hosts().registerHost(host);
        return desk.done("Added " + name + " (" + created.value().hostId() + ").", created.json());
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
        var answer = new ImportsApi(desk.connection(Service.INVENTORY))
                .importInventory(chosen, read(file), new ImportsApi.ImportInventory().dryRun(dryRun ? true : null));
        ImportReport report = answer.value();
        if (desk.output().forPeople()) {
            desk.terminal()
                    .out()
                    .println((dryRun ? "Would be: " : "") + report.created() + " created, " + report.updated()
                            + " updated, " + report.unchanged() + " unchanged, " + report.deployments()
                            + " deployments, " + report.rejected().size() + " rejected.");
            for (List<LineProblem> lines : List.of(report.rejected(), report.warnings())) {
                if (!lines.isEmpty()) {
                    desk.output()
                            .table(
                                    lines,
                                    column("LINE", LineProblem::line),
                                    column("FIELD", LineProblem::field),
                                    column("PROBLEM", LineProblem::problem),
                                    column("NEXT", LineProblem::next));
                }
            }
        } else {
            desk.output().show(answer.json());
        }
        return report.rejected().isEmpty() ? 0 : Failure.REFUSED;
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
        var before = new ArrayList<Host>();
        if (every) {
            for (Host host : pages(new HostsApi.ListHosts())) {
                if (!host.status().equals(Host.StatusWords.RETIRED)) {
                    before.add(host);
                }
            }
        } else if (hosts == null || hosts.isEmpty()) {
            throw Failure.usage("Which hosts? Name some, or say --every.");
        } else {
            hosts.forEach(host -> before.add(desk.findHost(host)));
        }
        JsonNode answer = Api.JSON.createArrayNode();
        for (Host host : before) {
            answer = desk.hosts()
                    .probeHost(host.hostId(), new HostsApi.ProbeHost().updates(updates ? true : null))
                    .json();
        }
        if (!wait) {
            return desk.done("Asked for " + before.size() + " probes. See `interlock hosts list`.", answer);
        }
        var after = new ArrayList<Host>();
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        for (Host host : before) {
            after.add(awaitProbe(host, deadline));
        }
        desk.output()
                .list(
                        after,
                        false,
                        column("NAME", Host::name),
                        column("STATUS", Host::status),
                        column("SYSTEM", Host::osName),
                        column("COMPONENTS", Hosts::components),
                        column("SEEN", Host::seenAt),
                        column("TROUBLE", host -> {
                            Trouble trouble = host.trouble();
                            return trouble == null ? null : trouble.detail();
                        }));
        return after.stream().allMatch(host -> host.status().equals(Host.StatusWords.REACHABLE)) ? 0 : Failure.REFUSED;
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
        String id = desk.host(host);
        String key = hostKey;
        if (key == null) {
            key = desk.hosts().showHost(id).value().presentedHostKey();
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
        return desk.done(
                "Pinned " + HostKeyFingerprint.of(key) + " for " + host + ".",
                desk.hosts()
                        .acceptHostKey(id, new HostKeyBody().withHostKey(key))
                        .json());
    }

    @Command(description = "Takes a host out of the inventory.")
    int retire(
            @Parameters(paramLabel = "HOST", description = "Name or id.") String host,
            @Option(names = "--reason", required = true) String reason) {
        var answer = desk.hosts().retireHost(desk.host(host), new Reason().withReason(reason));
        return desk.done("Retired " + host + ".", answer.json());
    }

    private Pages<?, Host> pages(HostsApi.ListHosts wanted) {
        return Pages.of(
                (size, after) -> desk.hosts().listHosts(wanted.limit(size).after(after)),
                HostPage::items,
                HostPage::next);
    }

    private Host awaitProbe(Host before, long deadline) throws InterruptedException {
        while (true) {
            Host now = desk.hosts().showHost(before.hostId()).value();
            if (!Objects.equals(before.probedAt(), now.probedAt()) || System.nanoTime() > deadline) {
                return now;
            }
            Thread.sleep(250);
        }
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

    private static String components(Host host) {
        return host.components().stream()
                .map(each -> each.product() + " " + each.version() + " (" + each.variant() + ")")
                .collect(joining(", "));
    }
}
