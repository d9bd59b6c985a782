package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.client.Pages;
import dev.interlock.client.license.ActivationRequest;
import dev.interlock.client.license.ActivationRequestSummary;
import dev.interlock.client.license.ActivationRequestSummaryPage;
import dev.interlock.client.license.ActivationRequestsApi;
import dev.interlock.client.license.CustodyEntry;
import dev.interlock.client.license.LicenseServer;
import dev.interlock.client.license.LicenseServerSummary;
import dev.interlock.client.license.LicenseServersApi;
import dev.interlock.client.license.NewActivationRequest;
import dev.interlock.client.license.NewLicenseServer;
import dev.interlock.client.license.Reason;
import dev.interlock.client.license.ResponseApplication;
import dev.interlock.client.license.ResponseInspection;
import dev.interlock.client.license.SupportTicket;
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

    private static final int ACCEPTED = 202;
    private static final Duration LONGEST_APPLICATION = Duration.ofMinutes(3);

    private final Desk desk;

    LicenseServers(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists license servers.")
    int list(@Mixin Limit limit) {
        return desk.list(
                desk.allLicenseServers(),
                limit,
                column("NAME", LicenseServerSummary::name),
                column("KIND", LicenseServerSummary::kind),
                column("ADDRESS", LicenseServerSummary::address),
                column("HEALTH", LicenseServerSummary::health),
                column("REGISTERED", LicenseServerSummary::registeredAt),
                column("ID", LicenseServerSummary::licenseServerId));
    }

    @Command(description = "Shows a license server and what is active on it.")
    int show(@Parameters(paramLabel = "SERVER", description = "Name or id.") String server) {
        return desk.show(desk.licenseServers()
                .showLicenseServer(desk.licenseServer(server))
                .json());
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
        var server = new NewLicenseServer()
                .withName(name)
                .withKind(kind)
                .withAddress(address)
                .withBaseUrl(baseUrl)
                .withCredential(credential)
                .withHostId(host == null ? null : desk.host(host));
        var created = desk.licenseServers().registerLicenseServer(server);
        return desk.done("Registered " + name + " (" + created.value().licenseServerId() + ").", created.json());
    }

    @Command(description = "Shows how license servers are, and what to look at first at those that are not well.")
    int health(
            @Parameters(arity = "0..1", paramLabel = "SERVER", description = "Name or id; all without.") @Nullable
                    String server) {
        var rows = new ArrayList<LicenseServer>();
        if (server != null) {
            rows.add(desk.licenseServers()
                    .showLicenseServer(desk.licenseServer(server))
                    .value());
        } else {
            for (LicenseServerSummary each : desk.allLicenseServers()) {
                if (each.health() != null) {
                    rows.add(desk.licenseServers()
                            .showLicenseServer(each.licenseServerId())
                            .value());
                }
            }
        }
        desk.output()
                .list(
                        rows,
                        false,
                        column("NAME", LicenseServer::name),
                        column("HEALTH", LicenseServer::health),
                        column("VERSION", LicenseServer::version),
                        column("SEEN", LicenseServer::observedAt),
                        column("CAUSE", LicenseServer::healthCause),
                        column("NEXT", LicenseServer::healthNext),
                        column("WARNINGS", LicenseServer::warnings));
        return 0;
    }

    @Command(description = "Asks a license server that counts for itself what it has, and how much of it is used.")
    int features(@Parameters(paramLabel = "SERVER", description = "Name or id.") String server) {
        return desk.show(desk.licenseServers()
                .showLicenseServerFeatures(desk.licenseServer(server))
                .json());
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
                desk.licenseServers()
                        .retireLicenseServer(desk.licenseServer(server), new Reason().withReason(reason))
                        .json());
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
                desk.licenseServers()
                        .declareLicenseServerLost(desk.licenseServer(server), new Reason().withReason(reason))
                        .json());
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
        var answer = desk.licenseServers()
                .writeSupportTicket(
                        desk.licenseServer(server),
                        about,
                        new LicenseServersApi.WriteSupportTicket()
                                .activationCode(activationCode)
                                .contactName(contact)
                                .contactEmail(email));
        if (!desk.output().forPeople()) {
            return desk.show(answer.json());
        }
        SupportTicket ticket = answer.value();
        var out = desk.terminal().out();
        out.println("Case reason: " + ticket.caseReason());
        out.println("Subject: " + ticket.subject());
        out.println();
        ticket.text().lines().forEach(line -> out.println(Table.safe(line)));
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
        var answer = desk.activationRequests()
                .requestActivation(
                        desk.licenseServer(server),
                        new NewActivationRequest().withActivationCode(code).withTotal(total));
        ActivationRequest made = answer.value();
        String id = made.requestId();
        if (file != null) {
            save(id, file);
        }
        if (!desk.output().forPeople()) {
            return desk.show(answer.json());
        }
        desk.terminal().out().println("Request " + id + ", sha256 " + made.sha256());
        made.contents().forEach((name, value) -> desk.terminal().out().println("  " + name + "=" + Table.safe(value)));
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
        var wanted = new ActivationRequestsApi.ListActivationRequests()
                .licenseServerId(server == null ? null : desk.licenseServer(server));
        return desk.list(
                Pages.of(
                        (size, after) -> desk.activationRequests()
                                .listActivationRequests(wanted.limit(size).after(after)),
                        ActivationRequestSummaryPage::items,
                        ActivationRequestSummaryPage::next),
                limit,
                column("REQUEST", ActivationRequestSummary::requestId),
                column("CODE", ActivationRequestSummary::activationCode),
                column("TOTAL", ActivationRequestSummary::total),
                column("STATE", ActivationRequestSummary::state),
                column("MADE", ActivationRequestSummary::madeAt),
                column("BY", ActivationRequestSummary::madeBy),
                column("ANSWER UNTIL", ActivationRequestSummary::responseExpiresAt));
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
        return desk.show((Desk.isId(what)
                        ? desk.activationRequests().inspectActivationResponse(what)
                        : desk.activationRequests().inspectResponseFile(read(Path.of(what))))
                .json());
    }

    @Command(description = "Uploads the answer to a request. It is checked and kept; nothing is activated yet.")
    int upload(
            @Parameters(paramLabel = "REQUEST") String request,
            @Parameters(paramLabel = "FILE", description = "The file response.bin.") Path file) {
        var answer = desk.activationRequests().uploadActivationResponse(request, read(file));
        ResponseInspection taken = answer.value();
        return desk.done(
                "Taken in: for " + taken.requestHostId() + ", to be applied until " + taken.expiresAt()
                        + ".\nApply it with: interlock license-servers apply " + request,
                answer.json());
    }

    @Command(
            description =
                    "Applies the answer that was uploaded, and verifies by a list. Given twice it does nothing more.")
    int apply(@Parameters(paramLabel = "REQUEST") String request) {
        ActivationRequestsApi api = desk.activationRequests();
        var answer = api.applyActivationResponse(request);
        long giveUp = System.nanoTime() + LONGEST_APPLICATION.toNanos();
        while (answer.status() == ACCEPTED) {
            // a server that counts for itself is given the answer in a moment
            ActivationRequest now = api.showActivationRequest(request).value();
            String state = now.state();
            if (state.equals(ActivationRequest.StateWords.APPLIED)) {
                answer = api.applyActivationResponse(request);
            } else if (!state.equals(ActivationRequest.StateWords.APPLYING)) {
                throw new Failure(
                        Failure.REFUSED,
                        "It was not applied: "
                                + Table.text(now.custody().getLast().detail())
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
        ResponseApplication applied = answer.value();
        int change = applied.change();
        return desk.done(
                applied.appliedBefore()
                        ? "Applied: a total of " + applied.total() + " is active."
                        : "Verified: a total of " + applied.total() + " of " + applied.activationCode()
                                + " is active (" + (change > 0 ? "+" : "") + change + "), " + applied.available()
                                + " of " + applied.seats() + " left.",
                answer.json());
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Api.interrupted();
        }
    }

    @Command(description = "Shows through whose hands the files of a request went.")
    int custody(@Parameters(paramLabel = "REQUEST") String request) {
        desk.output()
                .list(
                        desk.activationRequests()
                                .showActivationRequest(request)
                                .value()
                                .custody(),
                        false,
                        column("AT", CustodyEntry::at),
                        column("WHO", CustodyEntry::actor),
                        column("DID", CustodyEntry::act),
                        column("BYTES", CustodyEntry::bytes),
                        column("SHA256", CustodyEntry::sha256),
                        column("DETAIL", CustodyEntry::detail));
        return 0;
    }

    private byte[] save(String request, Path file) {
        byte[] bytes = desk.activationRequests()
                .downloadActivationRequest(request)
                .value()
                .bytes();
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
