package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pools", description = "Purchases of session licenses, by activation code.")
final class Pools {

    private final Desk desk;

    Pools(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists pools.")
    int list(@Mixin Limit limit) {
        return desk.list(
                Service.LICENSE,
                "/pools",
                new Api.Query(),
                limit,
                column("CODE", "/activationCode"),
                column("FEATURE", "/feature"),
                column("SEATS", "/seats"),
                column("ACTIVE", "/active"),
                column("IN USE", "/inUse"),
                column("AVAILABLE", "/available"),
                column("EXPIRES", "/expiresAt"));
    }

    @Command(description = "Shows a pool and what each server holds of it.")
    int show(@Parameters(paramLabel = "CODE", description = "Exactly as received, with case and dashes.") String code) {
        return desk.show(desk.api(Service.LICENSE).get("/pools/" + Api.encode(code)));
    }

    @Command(description = "Registers a purchase.")
    int register(
            @Parameters(paramLabel = "CODE", description = "Exactly as received, with case and dashes.") String code,
            @Option(names = "--seats", required = true, description = "Of the whole purchase.") int seats,
            @Option(names = "--feature", defaultValue = "Agent-Session", description = "Default Agent-Session.")
                    String feature,
            @Option(names = "--expires", required = true, paramLabel = "TIME", description = "As 2027-06-30T00:00:00Z.")
                    Instant expires) {
        ObjectNode body = Desk.body().put("activationCode", code).put("seats", seats);
        body.put("feature", feature).put("expiresAt", expires.toString());
        return desk.done(
                "Registered " + code + " with " + seats + " seats.",
                desk.api(Service.LICENSE).create("/pools", body));
    }

    @Command(
            description = "Sets how many licenses of a pool are active on a server: the total, not an addition. A lower"
                    + " total returns the difference; 0 returns all.")
    int activate(
            @Parameters(paramLabel = "CODE") String code,
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Parameters(paramLabel = "TOTAL") int total) {
        JsonNode answer = desk.api(Service.LICENSE)
                .put(
                        "/pools/" + Api.encode(code) + "/activations/" + desk.licenseServer(server),
                        Desk.body().put("total", total));
        int change = answer.path("change").asInt();
        return desk.done(
                total + " active on " + server + " (" + (change > 0 ? "+" : "") + change + "), "
                        + answer.path("available").asText() + " of "
                        + answer.path("seats").asText() + " left.",
                answer);
    }

    @Command(
            description =
                    "Moves all licenses of a pool from one server to another: returned there first, then activated here."
                            + " Where an authority allots them, give this again after each request was answered and applied.")
    int move(
            @Parameters(paramLabel = "CODE") String code,
            @Parameters(paramLabel = "FROM", description = "Name or id.") String from,
            @Parameters(paramLabel = "TO", description = "Name or id.") String to) {
        JsonNode answer = desk.api(Service.LICENSE)
                .post(
                        "/pools/" + Api.encode(code) + "/moves",
                        Desk.body().put("from", desk.licenseServer(from)).put("to", desk.licenseServer(to)));
        String count = answer.path("count").asText();
        return desk.done(
                switch (answer.path("state").asText()) {
                    case "moved" -> "Moved " + count + " from " + from + " to " + to + ".";
                    case "returning" ->
                        "1 of 2: return all " + count + " at " + from + ". Request "
                                + answer.path("requestId").asText() + "\n"
                                + answer.path("next").asText();
                    default ->
                        "2 of 2: activate " + count + " more at " + to + ". Request "
                                + answer.path("requestId").asText() + "\n"
                                + answer.path("next").asText();
                },
                answer);
    }
}
