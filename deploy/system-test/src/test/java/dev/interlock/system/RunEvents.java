package dev.interlock.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.KafkaProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What the world was told of runs. */
final class RunEvents {
    private static final String TOPIC = "interlock.upgrade.events.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaProbe probe;

    RunEvents(Infrastructure servers) {
        probe = new KafkaProbe(servers.bootstrapServers());
    }

    /** @param type its last word, for instance {@code NodeUpdated} */
    record Event(String type, JsonNode data) {}

    /** In order, each once: a relay that was killed may repeat itself. */
    List<Event> of(String run) throws IOException {
        var ids = new HashSet<String>();
        var told = new ArrayList<Event>();
        for (var message : probe.all(TOPIC)) {
            JsonNode data = JSON.readTree(message.value());
            if (data.path("runId").asText().equals(run) && ids.add(message.header("ce_id"))) {
                told.add(new Event(message.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1"), data));
            }
        }
        return told;
    }
}
