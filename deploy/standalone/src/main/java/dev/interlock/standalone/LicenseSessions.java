package dev.interlock.standalone;

import dev.interlock.contracts.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A purchase is activated, and sessions take its seats until none is left. */
final class LicenseSessions {
    private static final String CODE = "INTERLOCK-DEMO-3-SEATS";

    private final Telling story;

    LicenseSessions(Telling story) {
        this.story = story;
    }

    void tell() {
        story.narrator.chapter("License sessions", """
                A purchase of three seats is activated on a license server; each session of a user takes one.
                The fourth must be refused: seats are counted by the database, not by hope.""");
        var pat = story.api("license", "operator");
        var machines = story.api("license", "admin");
        var agents = story.api("agent", "operator");
        var server = pat.post("/license-servers", Map.of("name", "ls-emea", "kind", "native"))
                .path("licenseServerId")
                .asText();
        story.expected.add(Channel.LICENSE_EVENTS, "LicenseServerRegistered", server, "ls-emea");
        pat.post(
                "/pools",
                Map.of(
                        "activationCode",
                        CODE,
                        "seats",
                        3,
                        "feature",
                        "session",
                        "expiresAt",
                        Instant.now().plus(Duration.ofDays(365)).toString()));
        pat.put("/pools/" + CODE + "/activations/" + server, Map.of("total", 3));
        story.narrator.tell("pat activates 3 licences of " + CODE + " on ls-emea");
        story.expected.add(Channel.LICENSE_EVENTS, "LicensesActivated", CODE, CODE);

        var agentIds = new ArrayList<String>();
        for (var name : List.of("desk-anna", "desk-ben", "desk-cleo", "desk-dora")) {
            var id = agents.post("/agents", Map.of("name", name, "licenseServerId", server))
                    .path("agentId")
                    .asText();
            story.lines.name(UUID.fromString(id), name);
            agentIds.add(id);
            story.expected.add(Channel.AGENT_EVENTS, "AgentRegistered", id, name);
        }
        var sessions = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var user = List.of("anna", "ben", "cleo").get(i);
            var session = machines.post(
                    "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(i), "user", user));
            sessions.add(session.path("sessionId").asText());
            story.expected.add(Channel.LICENSE_SESSIONS, "SessionAuthorized", server, user);
            story.expected.add(Channel.AGENT_EVENTS, "AgentValidated", agentIds.get(i), user + "'s agent");
        }
        story.expected.add(Channel.LICENSE_EVENTS, "PoolExhausted", CODE, CODE);
        var fourth = machines.tryPost(
                "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(3), "user", "dora"));
        story.check(
                fourth.status() == 409 && fourth.body().path("type").asText().endsWith("/no-license"),
                "the fourth session is refused: " + fourth.sentence());
        story.expected.add(Channel.LICENSE_SESSIONS, "SessionDenied", server, "dora");
        machines.delete("/sessions/" + sessions.getFirst());
        story.expected.add(Channel.LICENSE_SESSIONS, "SessionReleased", server, "anna");
        var again = machines.tryPost(
                "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(3), "user", "dora"));
        story.check(again.status() == 201, "after anna's session has ended dora gets hers");
        story.expected.add(Channel.LICENSE_SESSIONS, "SessionAuthorized", server, "dora");
        story.expected.add(Channel.AGENT_EVENTS, "AgentValidated", agentIds.get(3), "dora's agent");
        var pool = pat.get("/pools/" + CODE);
        story.check(pool.path("inUse").asInt(-1) == 3, "the pool counts 3 of 3 licences in use");
    }
}
