package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.Pages;
import dev.interlock.client.license.Activation;
import dev.interlock.client.license.LicenseTotal;
import dev.interlock.client.license.Move;
import dev.interlock.client.license.NewMove;
import dev.interlock.client.license.NewPool;
import dev.interlock.client.license.Pool;
import dev.interlock.client.license.PoolPage;
import dev.interlock.client.license.PoolsApi;
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
                Pages.of(
                        (size, after) -> desk.pools()
                                .listPools(new PoolsApi.ListPools().limit(size).after(after)),
                        PoolPage::items,
                        PoolPage::next),
                limit,
                column("CODE", Pool::activationCode),
                column("FEATURE", Pool::feature),
                column("SEATS", Pool::seats),
                column("ACTIVE", Pool::active),
                column("IN USE", Pool::inUse),
                column("AVAILABLE", Pool::available),
                column("EXPIRES", Pool::expiresAt));
    }

    @Command(description = "Shows a pool and what each server holds of it.")
    int show(@Parameters(paramLabel = "CODE", description = "Exactly as received, with case and dashes.") String code) {
        return desk.show(desk.pools().showPool(code).json());
    }

    @Command(description = "Registers a purchase.")
    int register(
            @Parameters(paramLabel = "CODE", description = "Exactly as received, with case and dashes.") String code,
            @Option(names = "--seats", required = true, description = "Of the whole purchase.") int seats,
            @Option(names = "--feature", defaultValue = "Agent-Session", description = "Default Agent-Session.")
                    String feature,
            @Option(names = "--expires", required = true, paramLabel = "TIME", description = "As 2027-06-30T00:00:00Z.")
                    Instant expires) {
        var pool = new NewPool()
                .withActivationCode(code)
                .withSeats(seats)
                .withFeature(feature)
                .withExpiresAt(expires);
        return desk.done(
                "Registered " + code + " with " + seats + " seats.",
                desk.pools().registerPool(pool).json());
    }

    @Command(
            description = "Sets how many licenses of a pool are active on a server: the total, not an addition. A lower"
                    + " total returns the difference; 0 returns all.")
    int activate(
            @Parameters(paramLabel = "CODE") String code,
            @Parameters(paramLabel = "SERVER", description = "Name or id.") String server,
            @Parameters(paramLabel = "TOTAL") int total) {
        var answer =
                desk.pools().activateLicenses(code, desk.licenseServer(server), new LicenseTotal().withTotal(total));
        Activation activation = answer.value();
        int change = activation.change();
        return desk.done(
                total + " active on " + server + " (" + (change > 0 ? "+" : "") + change + "), "
                        + activation.available() + " of " + activation.seats() + " left.",
                answer.json());
    }

    @Command(
            description =
                    "Moves all licenses of a pool from one server to another: returned there first, then activated here."
                            + " Where an authority allots them, give this again after each request was answered and applied.")
    int move(
            @Parameters(paramLabel = "CODE") String code,
            @Parameters(paramLabel = "FROM", description = "Name or id.") String from,
            @Parameters(paramLabel = "TO", description = "Name or id.") String to) {
        var answer = desk.pools()
                .moveLicenses(
                        code, new NewMove().withFrom(desk.licenseServer(from)).withTo(desk.licenseServer(to)));
        Move move = answer.value();
        int count = move.count();
        return desk.done(
                switch (move.state()) {
                    case Move.StateWords.MOVED -> "Moved " + count + " from " + from + " to " + to + ".";
                    case Move.StateWords.RETURNING ->
                        "1 of 2: return all " + count + " at " + from + ". Request "
                                + move.requestId() + "\n"
                                + move.next();
                    default ->
                        "2 of 2: activate " + count + " more at " + to + ". Request "
                                + move.requestId() + "\n"
                                + move.next();
                },
                answer.json());
    }
}
