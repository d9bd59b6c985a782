package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "authority",
        description =
                "Plays the vendor's portal for native license servers, off-line: entitles activation codes and answers"
                        + " request files. It needs no service and no network, only its own folder.")
final class Authority {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");

    /** A cloud registration code, as L7 means it: twelve characters, an at sign, groups of four. */
    private static final Pattern REGISTRATION = Pattern.compile("[A-Za-z0-9]{12}@[A-Za-z0-9]{4}(-[A-Za-z0-9]{4})+");

    private static final String FOLDER = "The authority's folder (default ./authority).";

    private final Desk desk;

    Authority(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Makes an authority: a key that only you may read, and an empty ledger.")
    int init(
            @Parameters(paramLabel = "NAME", description = "As it will stand in its answers.") String name,
            @Option(names = "--dir", defaultValue = "authority", description = FOLDER) Path dir) {
        try (Ledger ledger = Ledger.create(folder(dir), name, now())) {
            ObjectNode made =
                    Desk.body().put("authority", name).put("folder", folder(dir).toString());
            made.put("publicKey", ledger.publicKey());
            return desk.done(
                    "Made the authority " + name + " in " + folder(dir) + ".\nIts public key, for license-service"
                            + " (interlock.license.authorities, INTERLOCK_LICENSE_AUTHORITIES):\n" + ledger.publicKey(),
                    made);
        }
    }

    @Command(description = "Enters a purchase: so many seats under an activation code, over all servers.")
    int entitle(
            @Parameters(paramLabel = "CODE", description = "Exactly as it is given out, with case and dashes.")
                    String code,
            @Option(names = "--seats", required = true, description = "Of the whole purchase.") int seats,
            @Option(names = "--feature", defaultValue = "Agent-Session", description = "Default Agent-Session.")
                    String feature,
            @Option(names = "--expires", required = true, paramLabel = "TIME", description = "As 2027-06-30T00:00:00Z.")
                    Instant expires,
            @Option(names = "--dir", defaultValue = "authority", description = FOLDER) Path dir) {
        if (REGISTRATION.matcher(code).matches()) {
            throw Failure.usage(code + " is a registration code of cloud licensing, not an activation code (L7).");
        }
        if (!CODE.matcher(code).matches()) {
            throw Failure.usage("An activation code has 1 to 64 letters, digits and dashes: " + code);
        }
        if (seats < 1 || seats > 1_000_000) {
            throw Failure.usage("A purchase has 1 to 1000000 seats, not " + seats + ".");
        }
        try (Ledger ledger = Ledger.open(folder(dir))) {
            boolean added = ledger.entitle(new Ledger.Entitlement(code, seats, feature, expires), now());
            return desk.done(
                    (added ? "Entitled " : "Entitled before: ") + code + " with " + seats + " seats.",
                    entitlement(ledger, code));
        }
    }

    @Command(
            description =
                    "Answers a request file, if the code has the seats. The same request again has the same answer; a"
                            + " lower total gives seats back.")
    int respond(
            @Parameters(paramLabel = "REQUEST", description = "The file request.bin.") Path request,
            @Option(
                            names = {"-f", "--file"},
                            defaultValue = "response.bin",
                            description = "Where to write the answer (default response.bin).")
                    Path response,
            @Option(
                            names = "--lifetime",
                            paramLabel = "DURATION",
                            description = "For how long the answer may be applied, as PT24H (default) or P7D.")
                    @Nullable
                    Duration lifetime,
            @Option(names = "--no-lifetime", description = "The answer names none; 24 hours then count.")
                    boolean noLifetime,
            @Option(names = "--dir", defaultValue = "authority", description = FOLDER) Path dir) {
        Duration named = lifetime == null ? Duration.ofHours(24) : lifetime;
        if (named.isNegative() || named.isZero() || named.compareTo(Duration.ofDays(366)) > 0) {
            throw Failure.usage("An answer lives longer than nothing and at most 366 days, not " + named + ".");
        }
        byte[] file = read(desk.terminal().directory().resolve(request));
        try (Ledger ledger = Ledger.open(folder(dir))) {
            var answer = ledger.respond(file, noLifetime ? null : Long.valueOf(named.toSeconds()), now());
            Path to = desk.terminal().directory().resolve(response);
            try {
                Files.write(to, answer.file());
            } catch (IOException e) {
                throw new Failure(
                        Failure.REFUSED,
                        "Cannot write " + to + ": " + e.getMessage()
                                + ". The answer is in the ledger: answer the same request again, to another --file.");
            }
            JsonNode asked = answer.request();
            ObjectNode told =
                    Desk.body().put("requestId", asked.path("requestId").asText());
            told.put("activationCode", asked.at("/desiredRights/0/activationID").asText());
            told.put("server", asked.path("serverName").asText());
            told.put("requestHostId", asked.path("requestHostID").asText());
            told.put("total", answer.total()).put("available", answer.free());
            told.put("again", answer.again()).put("file", to.toString());
            told.put("sha256", AuthorityFiles.sha256(answer.file()));
            return desk.done(
                    (answer.again() ? "The same answer as before: a" : "A") + " total of " + answer.total() + " of "
                            + told.path("activationCode").asText() + " for "
                            + told.path("server").asText() + " ("
                            + told.path("requestHostId").asText() + "); " + answer.free() + " left.\n" + to
                            + "\nsha256 "
                            + told.path("sha256").asText(),
                    told);
        }
    }

    @Command(description = "Lists what is entitled, and which server was given how much of it.")
    int list(@Option(names = "--dir", defaultValue = "authority", description = FOLDER) Path dir) {
        try (Ledger ledger = Ledger.open(folder(dir))) {
            var rows = new ArrayList<JsonNode>();
            for (String code : ledger.entitlements().keySet()) {
                ObjectNode entitlement = entitlement(ledger, code);
                if (!desk.output().forPeople()) {
                    rows.add(entitlement);
                    continue;
                }
                if (entitlement.path("allotted").isEmpty()) {
                    rows.add(entitlement);
                }
                for (JsonNode server : entitlement.path("allotted")) {
                    rows.add(entitlement.deepCopy().setAll((ObjectNode) server));
                }
            }
            desk.output()
                    .list(
                            rows,
                            row -> row,
                            false,
                            column("CODE", "activationCode"),
                            column("FEATURE", "feature"),
                            column("SEATS", "seats"),
                            column("FREE", "free"),
                            column("EXPIRES", "expires"),
                            column("SERVER", "server"),
                            column("HOST ID", "requestHostId"),
                            column("TOTAL", "total"));
            return 0;
        }
    }

    private static ObjectNode entitlement(Ledger ledger, String code) {
        Ledger.Entitlement of = Objects.requireNonNull(ledger.entitlements().get(code));
        ObjectNode row = Desk.body().put("activationCode", code).put("feature", of.feature());
        row.put("seats", of.seats())
                .put("free", ledger.free(of))
                .put("expires", of.expires().toString());
        var servers = row.putArray("allotted");
        ledger.allotted(code)
                .values()
                .forEach(server -> servers.addObject()
                        .put("server", server.serverName())
                        .put("requestHostId", server.host())
                        .put("total", server.total())
                        .put("sequence", server.sequence())
                        .put("at", server.at().toString()));
        return row;
    }

    private Path folder(Path dir) {
        return desk.terminal().directory().resolve(dir);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static byte[] read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(AuthorityFiles.LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw Failure.usage("There is no file " + file + ".");
        } catch (IOException e) {
            throw Failure.usage("Cannot read " + file + ": " + e.getMessage() + ".");
        }
    }
}
