package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.Pages;
import dev.interlock.client.license.NewSession;
import dev.interlock.client.license.Session;
import dev.interlock.client.license.SessionPage;
import dev.interlock.client.license.SessionsApi;
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
        var wanted = new SessionsApi.ListSessions()
                .licenseServerId(server == null ? null : desk.licenseServer(server))
                .agentId(agent == null ? null : desk.agent(agent));
        return desk.list(
                Pages.of(
                        (size, after) ->
                                desk.sessions().listSessions(wanted.limit(size).after(after)),
                        SessionPage::items,
                        SessionPage::next),
                limit,
                column("SESSION", Session::sessionId),
                column("USER", Session::user),
                column("AGENT", Session::agentId),
                column("CODE", Session::activationCode),
                column("SINCE", Session::authorizedAt));
    }

    @Command(description = "Asks a license server for a session; consumes one license.")
    int authorize(
            @Parameters(paramLabel = "SERVER", description = "License server, name or id.") String server,
            @Parameters(paramLabel = "AGENT", description = "Agent, name or id.") String agent,
            @Parameters(paramLabel = "USER") String user) {
        var wanted = new NewSession().withAgentId(desk.agent(agent)).withUser(user);
        var answer = desk.sessions().authorizeSession(desk.licenseServer(server), wanted);
        Session session = answer.value();
        return desk.done(
                "Authorized session " + session.sessionId() + " from " + session.activationCode() + ".", answer.json());
    }

    @Command(description = "Ends a session; its license is free again.")
    int release(@Parameters(paramLabel = "SESSION", description = "Its id.") String session) {
        return desk.done(
                "Released " + session + ".",
                desk.sessions().releaseSession(session).json());
    }
}
