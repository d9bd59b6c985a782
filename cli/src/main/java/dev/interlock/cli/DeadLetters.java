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
import picocli.CommandLine.Parameters;

@Command(name = "dead-letters", description = "Messages that a service could not handle.")
final class DeadLetters {

    private final Desk desk;

    DeadLetters(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists pending dead letters, of all services or of one.")
    int list(
            @Option(names = "--service", description = "inventory, license, upgrade or agent") @Nullable String service,
            @Option(names = "--topic", description = "Only those that came from this topic.") @Nullable String topic,
            @Mixin Limit limit) {
        var rows = new ArrayList<JsonNode>();
        boolean more = false;
        for (Service each : service == null ? List.of(Service.values()) : List.of(Service.of(service))) {
            more |= desk.api(each)
                    .pages("/dead-letters", new Api.Query().with("topic", topic), limit.count(), letter -> {
                        rows.add(letter instanceof ObjectNode object ? object.put("service", each.word()) : letter);
                    });
        }
        desk.output()
                .list(
                        rows,
                        more,
                        column("SERVICE", "/service"),
                        column("TOPIC", "/topic"),
                        column("TYPE", "/type"),
                        column("KEY", "/key"),
                        column("ATTEMPTS", "/attempts"),
                        column("OFFSET", "/offset"),
                        column("ERROR", "/error"),
                        column("MESSAGE", "/message"));
        return 0;
    }

    @Command(description = "Gives a topic's dead letters to the service again, once their cause is mended.")
    int replay(
            @Parameters(paramLabel = "SERVICE", description = "inventory, license, upgrade or agent") String service,
            @Parameters(paramLabel = "TOPIC") String topic) {
        JsonNode answer =
                desk.api(Service.of(service)).post("/dead-letters/replay", new Api.Query().with("topic", topic));
        desk.done(
                answer.path("delivered").asInt() + " handled, "
                        + answer.path("failed").asInt() + " failed again.",
                answer);
        return answer.path("failed").asInt() == 0 ? 0 : Failure.REFUSED;
    }
}
