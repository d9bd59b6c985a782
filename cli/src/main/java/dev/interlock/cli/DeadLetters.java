package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.Pages;
import dev.interlock.client.platform.DeadLetter;
import dev.interlock.client.platform.DeadLetterPage;
import dev.interlock.client.platform.DeadLettersApi;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dead-letters", description = "Messages that a service could not handle.")
final class DeadLetters {

    private record Pending(String service, DeadLetter letter) {}

    private final Desk desk;

    DeadLetters(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists pending dead letters, of all services or of one.")
    int list(
            @Option(names = "--service", description = "inventory, license, upgrade or agent") @Nullable String service,
            @Option(names = "--topic", description = "Only those that came from this topic.") @Nullable String topic,
            @Mixin Limit limit) {
        var rows = new ArrayList<Pending>();
        boolean more = false;
        for (Service each : service == null ? List.of(Service.values()) : List.of(Service.of(service))) {
            var api = new DeadLettersApi(desk.connection(each));
            var wanted = new DeadLettersApi.ListDeadLetters().topic(topic);
            // the service has no page after the first: there are ever few
            more |= Pages.of((size, _) -> api.listDeadLetters(wanted.limit(size)), DeadLetterPage::items, _ -> null)
                    .read(limit.count(), letter -> rows.add(new Pending(each.word(), letter)));
        }
        desk.output()
                .list(
                        rows,
                        row -> row.letter().json().put("service", row.service()),
                        more,
                        column("SERVICE", Pending::service),
                        column("TOPIC", row -> row.letter().topic()),
                        column("TYPE", row -> row.letter().type()),
                        column("KEY", row -> row.letter().key()),
                        column("ATTEMPTS", row -> row.letter().attempts()),
                        column("OFFSET", row -> row.letter().offset()),
                        column("ERROR", row -> row.letter().error()),
                        column("MESSAGE", row -> row.letter().message()));
        return 0;
    }

    @Command(description = "Gives a topic's dead letters to the service again, once their cause is mended.")
    int replay(
            @Parameters(paramLabel = "SERVICE", description = "inventory, license, upgrade or agent") String service,
            @Parameters(paramLabel = "TOPIC") String topic) {
        var answer = new DeadLettersApi(desk.connection(Service.of(service))).replayDeadLetters(topic);
        int failed = answer.value().failed();
        desk.done(answer.value().delivered() + " handled, " + failed + " failed again.", answer.json());
        return failed == 0 ? 0 : Failure.REFUSED;
    }
}
