package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.Pages;
import dev.interlock.client.platform.AuditApi;
import dev.interlock.client.platform.AuditEntry;
import dev.interlock.client.platform.AuditEntryPage;
import dev.interlock.client.platform.AuditVerification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "Who did what: each service's append-only, hash-chained log.")
final class Audit {

    private record Verified(String service, AuditVerification log) {}

    private final Desk desk;

    Audit(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists a service's log, newest first.")
    int list(
            @Option(
                            names = "--service",
                            defaultValue = "upgrade",
                            description = "inventory, license, upgrade (default) or agent")
                    String service,
            @Option(names = "--actor", description = "Only what this person did.") @Nullable String actor,
            @Option(names = "--action", description = "Only this action, for example plan.approve.") @Nullable
                    String action,
            @Mixin Limit limit) {
        var log = new AuditApi(desk.connection(Service.of(service)));
        var wanted = new AuditApi.ListAuditEntries().actor(actor).action(action);
        return desk.list(
                Pages.of(
                        (size, after) -> log.listAuditEntries(wanted.limit(size).after(after)),
                        AuditEntryPage::items,
                        AuditEntryPage::next),
                limit,
                column("NO", AuditEntry::seq),
                column("AT", AuditEntry::at),
                column("WHO", AuditEntry::actor),
                column("WHAT", AuditEntry::action),
                column("OUTCOME", AuditEntry::outcome),
                column("SUBJECT", AuditEntry::subject));
    }

    @Command(
            description =
                    "Proves that nothing was changed or taken out of the logs. Keep a log's number of rows and head"
                            + " elsewhere, and give them next time: then a cut-off end shows too. Exit code 1 if a log is not whole.")
    int verify(
            @Option(names = "--service", description = "Only this one.") @Nullable String service,
            @Option(names = "--seq", paramLabel = "ROWS", description = "The number of rows noted earlier.") @Nullable
                    Long seq,
            @Option(names = "--hash", paramLabel = "HEAD", description = "The head noted with it.") @Nullable
                    String hash) {
        if (seq != null && service == null) {
            throw Failure.usage("Rows and head belong to one log: name it with --service.");
        }
        var rows = new ArrayList<Verified>();
        boolean whole = true;
        for (Service each : service == null ? List.of(Service.values()) : List.of(Service.of(service))) {
            AuditVerification log = new AuditApi(desk.connection(each))
                    .verifyAuditLog(new AuditApi.VerifyAuditLog().seq(seq).hash(hash))
                    .value();
            whole &= log.intact();
            rows.add(new Verified(each.word(), log));
        }
        desk.output()
                .list(
                        rows,
                        row -> row.log().json().put("service", row.service()),
                        false,
                        column("SERVICE", Verified::service),
                        column("INTACT", row -> row.log().intact()),
                        column("ROWS", row -> row.log().rows()),
                        column("BROKEN AT", row -> row.log().brokenAt()),
                        column("PROBLEM", row -> row.log().problem()),
                        column("HEAD", row -> row.log().head()));
        return whole ? 0 : Failure.REFUSED;
    }
}
