package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "Who did what: each service's append-only, hash-chained log.")
final class Audit {

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
        return desk.list(
                Service.of(service),
                "/audit",
                new Api.Query().with("actor", actor).with("action", action),
                limit,
                column("NO", "/seq"),
                column("AT", "/at"),
                column("WHO", "/actor"),
                column("WHAT", "/action"),
                column("OUTCOME", "/outcome"),
                column("SUBJECT", "/subject"));
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
        var rows = new ArrayList<JsonNode>();
        boolean whole = true;
        for (Service each : service == null ? List.of(Service.values()) : List.of(Service.of(service))) {
            JsonNode answer = desk.api(each)
                    .get("/audit/verification", new Api.Query().with("seq", seq).with("hash", hash));
            whole &= answer.path("intact").asBoolean(false);
            rows.add(answer instanceof ObjectNode object ? object.put("service", each.word()) : answer);
        }
        desk.output()
                .list(
                        rows,
                        false,
                        column("SERVICE", "/service"),
                        column("INTACT", "/intact"),
                        column("ROWS", "/rows"),
                        column("BROKEN AT", "/brokenAt"),
                        column("PROBLEM", "/problem"),
                        column("HEAD", "/head"));
        return whole ? 0 : Failure.REFUSED;
    }
}
