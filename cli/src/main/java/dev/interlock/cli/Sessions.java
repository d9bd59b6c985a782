package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "sessions", description = "Sessions that hold a license.")
final class Sessions {

    private final Desk desk;

    Sessions(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists live sessions, oldest first.")
    int list(
            @Option(names = "--server", description = "Only of this license server.") @Nullable String server,
            @Option(names = "--agent", description = "Only of this agent.") @Nullable String agent,
            @Mixin Limit limit) {
        return desk.list(
                Service.LICENSE,
                "/sessions",
                new Api.Query()
                        .with("licenseServerId", server == null ? null : desk.licenseServer(server))
                        .with("agentId", agent == null ? null : desk.agent(agent)),
                limit,
                column("SESSION", "/sessionId"),
                column("USER", "/user"),
                column("AGENT", "/agentId"),
                column("CODE", "/activationCode"),
                column("SINCE", "/authorizedAt"));
    }

    @Command(description = "Asks a license server for a session; consumes one license.")
    int authorize(
            @Parameters(paramLabel = "SERVER", description = "License server, name or id.") String server,
            @Parameters(paramLabel = "AGENT", description = "Agent, name or id.") String agent,
            @Parameters(paramLabel = "USER") String user) {
        JsonNode session = desk.api(Service.LICENSE)
                .create(
                        "/license-servers/" + desk.licenseServer(server) + "/sessions",
                        Desk.body().put("agentId", desk.agent(agent)).put("user", user));
        return desk.done(
                "Authorized session " + session.path("sessionId").asText() + " from "
                        + session.path("activationCode").asText() + ".",
                session);
    }

    @Command(description = "Ends a session; its license is free again.")
    int release(@Parameters(paramLabel = "SESSION", description = "Its id.") String session) {
        return desk.done(
                "Released " + session + ".", desk.api(Service.LICENSE).delete("/sessions/" + Api.encode(session)));
    }
}
