package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "license-servers", description = "License servers.")
final class LicenseServers {

    private static final Duration LONGEST_APPLICATION = Duration.ofMinutes(3);

    private final Desk desk;

    LicenseServers(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists license servers.")
    int list(@Mixin Limit limit) {
        return desk.list(
                Service.LICENSE,
                "/license-servers",
                new Api.Query(),
                limit,
                column("NAME", "/name"),
                column("KIND", "/kind"),
                column("ADDRESS", "/address"),
                column("HEALTH", "/health"),
                column("REGISTERED", "/registeredAt"),
                column("ID", "/licenseServerId"));
    }

    @Command(description = "Shows a license server and what is active on it.")
    int show(@Parameters(paramLabel = "SERVER", description = "Name or id.") String server) {
        return desk.show(desk.api(Service.LICENSE).get("/license-servers/" + desk.licenseServer(server)));
    }

    @Command(description = "Registers a license server.")
    int register(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--kind",
                            defaultValue = "native",
                            description =
                                    "native (default): counted by Interlock; flexnet: a PCoIP License Server, which counts"
                                            + " for itself and is read and driven.")
                    String kind,
            @Option(names = "--address", description = "Where agents reach it.") @Nullable String address,
            @Option(
                            names = "--base-url",
                            paramLabel = "URL",
                            description = "Its REST API, as http://host:7070; for flexnet.")
                    @Nullable
                    String baseUrl,
            @Option(
                            names = "--credential",
                            paramLabel = "NAME",
                            description = "The name of its administrator's password, never the password; for flexnet.")
                    @Nullable
                    String credential,
            @Option(names = "--host", description = "Its host in the inventory, by name or id, to drive it over SSH.")
                    @Nullable
                    String host) {
        ObjectNode body = Desk.body().put("name", name).put("kind", kind);
        put(body, "address", address);
        put(body, "baseUrl", baseUrl);
        put(body, "credential", credential);
        put(body, "hostId", host == null ? null : desk.host(host));
        JsonNode created = desk.api(Service.LICENSE).create("/license-servers", body);
        return desk.done("Registered " + name + " (" + Desk.id(created) + ").", created);
    }

    private static void put(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    @Command(description = "Shows how license servers are, and what to look at first at those that are not well.")
    int health(
            @Parameters(arity = "0..1", paramLabel = "SERVER", description = "Name or id; all without.") @Nullable
                    String server) {
        Api api = desk.api(Service.LICENSE);
        var rows = new ArrayList<JsonNode>();
        if (server != null) {
            rows.add(api.get("/license-servers/" + desk.licenseServer(server)));
        } else {
            api.pages("/license-servers", new Api.Query(), null, each -> {
                if (each.path("health").isTextual()) {
                    rows.add(api.get("/license-servers/" + Desk.id(each)));
                }
            });
        }
        desk.output()
                .list(
                        rows,
                        false,
                        column("NAME", "/name"),
                        column("HEALTH", "/health"),
                        column("VERSION", "/version"),
                        column("SEEN", "/observedAt"),
                        column("CAUSE", "/healthCause"),
                        column("NEXT", "/healthNext"),
                        column("WARNINGS", "/warnings"));
        return 0;
    }

    @Command(description = "Asks a license server that counts for itself what it has, and how much of it is used.")
    int features(@Parameters(paramLabel = "SERVER", description = "Name or id.") String server) {
        return desk.show(desk.api(Service.LICENSE).get("/license-servers/" + desk.licenseServer(server) + "/features"));
    }

    @Command(
            description =
                    "Takes a license server out of service. Refused while it holds licenses: with its machine they would"
                            + " be lost.")
    int retire(
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Option(names = "--reason", required = true) String reason) {
        return desk.done(
                "Retired " + server + ".",
                desk.api(Service.LICENSE)
                        .post("/license-servers/" + desk.licenseServer(server) + "/retirement", Desk.reason(reason)));
    }

    @Command(
            name = "declare-lost",
            description =
                    "Says that a license server is gone with the licenses that it held (an administrator only). They stay"
                            + " counted until the vendor gives them back: open a ticket.")
    int declareLost(
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Option(names = "--reason", required = true) String reason) {
        return desk.done(
                "Declared lost: " + server + ". Text for the vendor: interlock license-servers ticket " + server
                        + " licenses-lost",
                desk.api(Service.LICENSE)
                        .post("/license-servers/" + desk.licenseServer(server) + "/loss", Desk.reason(reason)));
    }

    @Command(description = "Prints the text of a ticket for the vendor's support, to be copied. Nothing is sent.")
    int ticket(
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Parameters(paramLabel = "ABOUT", description = "cannot-transfer-files, portal-access or licenses-lost.")
                    String about,
            @Option(names = "--activation-code", description = "A valid one, for portal-access.") @Nullable
                    String activationCode,
            @Option(names = "--contact", paramLabel = "NAME", description = "Whom the vendor answers.") @Nullable
                    String contact,
            @Option(names = "--email", description = "Of the contact.") @Nullable String email) {
        JsonNode ticket = desk.api(Service.LICENSE)
                .get(
                        "/license-servers/" + desk.licenseServer(server) + "/ticket",
                        new Api.Query()
                                .with("about", about)
                                .with("activationCode", activationCode)
                                .with("contactName", contact)
                                .with("contactEmail", email));
        if (!desk.output().forPeople()) {
            return desk.show(ticket);
        }
        var out = desk.terminal().out();
        out.println("Case reason: " + ticket.path("caseReason").asText());
        out.println("Subject: " + ticket.path("subject").asText());
        out.println();
        ticket.path("text").asText().lines().forEach(line -> out.println(Table.safe(line)));
        return 0;
    }

    @Command(
            description =
                    "Writes a request for licenses, to be carried to the authority or the vendor's portal. The total is"
                            + " the whole for the code on this server, not an addition; a lower one returns the difference.")
    int request(
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Parameters(paramLabel = "CODE", description = "Exactly as received, with case and dashes.") String code,
            @Parameters(paramLabel = "TOTAL") int total,
            @Option(
                            names = {"-f", "--file"},
                            description = "Download it to this file as well.")
                    @Nullable
                    Path file) {
        Api api = desk.api(Service.LICENSE);
        JsonNode made = api.create(
                "/license-servers/" + desk.licenseServer(server) + "/activation-requests",
                Desk.body().put("activationCode", code).put("total", total));
        String id = Desk.id(made);
        if (file != null) {
            save(id, file);
        }
        if (!desk.output().forPeople()) {
            return desk.show(made);
        }
        desk.terminal()
                .out()
                .println("Request " + id + ", sha256 " + made.path("sha256").asText());
        made.path("contents")
                .fields()
                .forEachRemaining(line -> desk.terminal()
                        .out()
                        .println("  " + line.getKey() + "="
                                + Table.safe(line.getValue().asText())));
        desk.terminal()
                .out()
                .println(
                        file == null
                                ? "Fetch its file with: interlock license-servers download " + id
                                : "Its file is " + file + ". Carry it to the authority; then: interlock license-servers"
                                        + " upload " + id + " response.bin");
        return 0;
    }

    @Command(description = "Lists requests for licenses, newest first.")
    int requests(
            @Option(names = "--server", description = "Only of this one, by name or id.") @Nullable String server,
            @Mixin Limit limit) {
        return desk.list(
                Service.LICENSE,
                "/activation-requests",
                new Api.Query().with("licenseServerId", server == null ? null : desk.licenseServer(server)),
                limit,
                column("REQUEST", "/requestId"),
                column("CODE", "/activationCode"),
                column("TOTAL", "/total"),
                column("STATE", "/state"),
                column("MADE", "/madeAt"),
                column("BY", "/madeBy"),
                column("ANSWER UNTIL", "/responseExpiresAt"));
    }

    @Command(description = "Downloads a request's file; who did so is written down.")
    int download(
            @Parameters(paramLabel = "REQUEST") String request,
            @Option(
                            names = {"-f", "--file"},
                            defaultValue = "request.bin",
                            description = "Default request.bin.")
                    Path file) {
        byte[] bytes = save(request, file);
        ObjectNode told = Desk.body().put("requestId", request).put("file", file.toString());
        told.put("sha256", AuthorityFiles.sha256(bytes));
        return desk.done(
                "Saved " + file + " (" + bytes.length + " bytes, sha256 "
                        + told.path("sha256").asText() + ").",
                told);
    }

    @Command(
            description =
                    "Shows what an answer says, without applying it: for which machine, until when, and whether it could"
                            + " be applied now.")
    int inspect(
            @Parameters(
                            paramLabel = "FILE|REQUEST",
                            description = "A response file, or the request to which one was uploaded.")
                    String what) {
        Api api = desk.api(Service.LICENSE);
        return desk.show(
                Desk.isId(what)
                        ? api.get("/activation-requests/" + what + "/response")
                        : api.upload("/activation-responses/inspection", read(Path.of(what))));
    }

    @Command(description = "Uploads the answer to a request. It is checked and kept; nothing is activated yet.")
    int upload(
            @Parameters(paramLabel = "REQUEST") String request,
            @Parameters(paramLabel = "FILE", description = "The file response.bin.") Path file) {
        JsonNode taken = desk.api(Service.LICENSE)
                .upload("/activation-requests/" + Api.encode(request) + "/response", read(file));
        return desk.done(
                "Taken in: for " + taken.path("requestHostId").asText() + ", to be applied until "
                        + taken.path("expiresAt").asText() + ".\nApply it with: interlock license-servers apply "
                        + request,
                taken);
    }

    @Command(
            description =
                    "Applies the answer that was uploaded, and verifies by a list. Given twice it does nothing more.")
    int apply(@Parameters(paramLabel = "REQUEST") String request) {
        Api api = desk.api(Service.LICENSE);
        String path = "/activation-requests/" + Api.encode(request);
        JsonNode answer = api.post(path + "/application", Desk.body());
        long giveUp = System.nanoTime() + LONGEST_APPLICATION.toNanos();
        while (!answer.has("appliedBefore")) {
            // a server that counts for itself is given the answer in a moment
            JsonNode now = api.get(path);
            String state = now.path("state").asText();
            if (state.equals("applied")) {
                answer = api.post(path + "/application", Desk.body());
            } else if (!state.equals("applying")) {
                JsonNode trail = now.path("custody");
                throw new Failure(
                        Failure.REFUSED,
                        "It was not applied: "
                                + trail.path(trail.size() - 1).path("detail").asText()
                                + "\n  next: Mend that, then apply it again; interlock license-servers custody "
                                + request
                                + " shows the whole story.");
            } else if (System.nanoTime() > giveUp) {
                throw new Failure(
                        Failure.REFUSED,
                        "The license server is still being given the answer.\n  next: Look later: interlock"
                                + " license-servers custody " + request);
            } else {
                pause();
            }
        }
        int change = answer.path("change").asInt();
        return desk.done(
                answer.path("appliedBefore").asBoolean()
                        ? "Applied: a total of " + answer.path("total").asText() + " is active."
                        : "Verified: a total of " + answer.path("total").asText() + " of "
                                + answer.path("activationCode").asText() + " is active (" + (change > 0 ? "+" : "")
                                + change + "), " + answer.path("available").asText() + " of "
                                + answer.path("seats").asText() + " left.",
                answer);
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(130, "Interrupted.");
        }
    }

    @Command(description = "Shows through whose hands the files of a request went.")
    int custody(@Parameters(paramLabel = "REQUEST") String request) {
        JsonNode shown = desk.api(Service.LICENSE).get("/activation-requests/" + Api.encode(request));
        desk.output()
                .list(
                        Output.all(shown.path("custody")),
                        false,
                        column("AT", "/at"),
                        column("WHO", "/actor"),
                        column("DID", "/act"),
                        column("BYTES", "/bytes"),
                        column("SHA256", "/sha256"),
                        column("DETAIL", "/detail"));
        return 0;
    }

    private byte[] save(String request, Path file) {
        byte[] bytes =
                desk.api(Service.LICENSE).download("/activation-requests/" + Api.encode(request) + "/request.bin");
        Path to = desk.terminal().directory().resolve(file);
        try {
            Files.write(to, bytes);
        } catch (IOException e) {
            throw Failure.usage("Cannot write " + to + ": " + e.getMessage() + ". The request is made; download it"
                    + " elsewhere: interlock license-servers download " + request + " --file FILE");
        }
        return bytes;
    }

    private byte[] read(Path file) {
        try {
            return Files.readAllBytes(desk.terminal().directory().resolve(file));
        } catch (NoSuchFileException e) {
            throw Failure.usage("There is no file " + file + ".");
        } catch (IOException e) {
            throw Failure.usage("Cannot read " + file + ": " + e.getMessage() + ".");
        }
    }
}
