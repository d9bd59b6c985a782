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

    @Command(description = "Lists a service's log.")
    int list(
            @Option(
                            names = "--service",
                            defaultValue = "upgrade",
                            description = "inventory, license, upgrade (default) or agent")
                    String service,
            @Mixin Limit limit) {
        return desk.list(
                Service.of(service),
                "/audit",
                new Api.Query(),
                limit,
                column("NO", "/sequence|/seq|/id|/number"),
                column("AT", "/at|/occurredAt|/time"),
                column("WHO", "/actor"),
                column("WHAT", "/action"),
                column("OUTCOME", "/outcome"),
                column("SUBJECT", "/subject"));
    }

    @Command(description = "Proves that nothing was changed or taken out of the logs. Exit code 1 if something was.")
    int verify(@Option(names = "--service", description = "Only this one.") @Nullable String service) {
        var rows = new ArrayList<JsonNode>();
        boolean whole = true;
        for (Service each : service == null ? List.of(Service.values()) : List.of(Service.of(service))) {
            JsonNode answer = desk.api(each).get("/audit/verification");
            whole &= holds(answer);
            rows.add(answer instanceof ObjectNode object ? object.put("service", each.word()) : answer);
        }
        desk.output()
                .list(
                        rows,
                        false,
                        column("SERVICE", "/service"),
                        column("WHOLE", "/whole|/valid|/intact|/holds|/ok"),
                        column("ENTRIES", "/entries|/checked|/count"),
                        column("FIRST BROKEN", "/firstBroken|/brokenAt|/broken"));
        return whole ? 0 : Failure.REFUSED;
    }

    private static boolean holds(JsonNode answer) {
        for (String field : List.of("whole", "valid", "intact", "holds", "ok")) {
            if (answer.path(field).isBoolean()) {
                return answer.path(field).asBoolean();
            }
        }
        throw new Failure(Failure.DEFECT, "The service's answer does not say whether its log is whole.");
    }
}
