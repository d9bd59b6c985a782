package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "license-servers", description = "License servers.")
final class LicenseServers {

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
            @Option(names = "--kind", defaultValue = "native", description = "native (default): counted by Interlock.")
                    String kind,
            @Option(names = "--address", description = "Where agents reach it.") @Nullable String address) {
        ObjectNode body = Desk.body().put("name", name).put("kind", kind);
        if (address != null) {
            body.put("address", address);
        }
        JsonNode created = desk.api(Service.LICENSE).create("/license-servers", body);
        return desk.done("Registered " + name + " (" + Desk.id(created) + ").", created);
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
        JsonNode answer = desk.api(Service.LICENSE)
                .post("/activation-requests/" + Api.encode(request) + "/application", Desk.body());
        int change = answer.path("change").asInt();
        return desk.done(
                answer.path("appliedBefore").asBoolean()
                        ? "Applied before: a total of " + answer.path("total").asText() + " is active."
                        : "Verified: a total of " + answer.path("total").asText() + " of "
                                + answer.path("activationCode").asText() + " is active (" + (change > 0 ? "+" : "")
                                + change + "), " + answer.path("available").asText() + " of "
                                + answer.path("seats").asText() + " left.",
                answer);
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
