package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.Table.Column;
import dev.interlock.client.ClientException;
import dev.interlock.client.Connection;
import dev.interlock.client.Pages;
import dev.interlock.client.Value;
import dev.interlock.client.agent.Agent;
import dev.interlock.client.agent.AgentPage;
import dev.interlock.client.agent.AgentsApi;
import dev.interlock.client.agent.GraceApi;
import dev.interlock.client.inventory.Deployment;
import dev.interlock.client.inventory.DeploymentPage;
import dev.interlock.client.inventory.DeploymentsApi;
import dev.interlock.client.inventory.Host;
import dev.interlock.client.inventory.HostPage;
import dev.interlock.client.inventory.HostsApi;
import dev.interlock.client.license.ActivationRequestsApi;
import dev.interlock.client.license.LicenseServerSummary;
import dev.interlock.client.license.LicenseServerSummaryPage;
import dev.interlock.client.license.LicenseServersApi;
import dev.interlock.client.license.PoolsApi;
import dev.interlock.client.license.SessionsApi;
import dev.interlock.client.upgrade.InterlocksApi;
import dev.interlock.client.upgrade.PlansApi;
import dev.interlock.client.upgrade.ProductsApi;
import dev.interlock.client.upgrade.RunsApi;
import dev.interlock.client.upgrade.TracesApi;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What every command works with: the terminal, the four APIs, the output. */
final class Desk {

    static final int USUAL_LIMIT = 50;

    private final Terminal terminal;
    private final Settings settings;
    private final Output output;
    private final Map<Service, Api> apis = new EnumMap<>(Service.class);

    Desk(Terminal terminal) {
        this.terminal = terminal;
        this.settings = new Settings(terminal);
        this.output = new Output(terminal);
    }

    Terminal terminal() {
        return terminal;
    }

    Settings settings() {
        return settings;
    }

    Output output() {
        return output;
    }

    Api api(Service service) {
        return apis.computeIfAbsent(service, each -> new Api(each, settings.address(each), settings.token()));
    }

    Connection connection(Service service) {
        return api(service).connection();
    }

    HostsApi hosts() {
        return new HostsApi(connection(Service.INVENTORY));
    }

    DeploymentsApi deployments() {
        return new DeploymentsApi(connection(Service.INVENTORY));
    }

    LicenseServersApi licenseServers() {
        return new LicenseServersApi(connection(Service.LICENSE));
    }

    ActivationRequestsApi activationRequests() {
        return new ActivationRequestsApi(connection(Service.LICENSE));
    }

    PoolsApi pools() {
        return new PoolsApi(connection(Service.LICENSE));
    }

    SessionsApi sessions() {
        return new SessionsApi(connection(Service.LICENSE));
    }

    AgentsApi agents() {
        return new AgentsApi(connection(Service.AGENT));
    }

    GraceApi grace() {
        return new GraceApi(connection(Service.AGENT));
    }

    ProductsApi products() {
        return new ProductsApi(connection(Service.UPGRADE));
    }

    PlansApi plans() {
        return new PlansApi(connection(Service.UPGRADE));
    }

    InterlocksApi interlocks() {
        return new InterlocksApi(connection(Service.UPGRADE));
    }

    RunsApi runs() {
        return new RunsApi(connection(Service.UPGRADE));
    }

    TracesApi traces() {
        return new TracesApi(connection(Service.UPGRADE));
    }

    /** What a person is told of it, with the service's name. */
    Failure failure(ClientException failure) {
        for (Api api : apis.values()) {
            if (api.connection() == failure.connection()) {
                return api.failure(failure);
            }
        }
        return new Failure(Failure.DEFECT, String.valueOf(failure.getMessage()));
    }

    static ObjectNode body() {
        return Api.JSON.createObjectNode();
    }

    @SafeVarargs
    final <T extends Value> int list(Pages<?, T> pages, Limit limit, Column<T>... columns) {
        var rows = new ArrayList<T>();
        boolean more = pages.read(limit.count(), rows::add);
        output.list(rows, more, columns);
        return 0;
    }

    int show(JsonNode thing) {
        output.show(thing);
        return 0;
    }

    int done(String sentence, JsonNode answer) {
        output.done(sentence, answer);
        return 0;
    }

    /** The thing that a person names by its name, and the only one of that name. */
    private static <T> T named(
            Pages<?, T> all,
            Function<T, String> nameOf,
            Function<T, String> idOf,
            String collection,
            String kind,
            String wanted) {
        var same = new ArrayList<T>();
        var alike = new ArrayList<String>();
        for (T each : all) {
            String name = nameOf.apply(each);
            if (name.equals(wanted)) {
                same.add(each);
            } else if (likeness(name).contains(likeness(wanted)) && alike.size() < 5) {
                alike.add(name);
            }
        }
        if (same.size() == 1) {
            return same.getFirst();
        }
        if (same.isEmpty()) {
            throw new Failure(
                    Failure.REFUSED,
                    "There is no " + kind + " '" + wanted + "'."
                            + (alike.isEmpty()
                                    ? " See `interlock " + collection + " list`."
                                    : " Did you mean " + String.join(", ", alike) + "?"));
        }
        throw Failure.usage("There are " + same.size() + " of the name '" + wanted + "'. Use an id: "
                + String.join(", ", same.stream().map(idOf).toList()) + ".");
    }

    /** The host of this id or name. */
    Host findHost(String nameOrId) {
        return isId(nameOrId) ? hosts().showHost(nameOrId).value() : hostNamed(nameOrId);
    }

    private Host hostNamed(String name) {
        Pages<?, Host> alike = Pages.of(
                (limit, after) -> hosts().listHosts(
                                new HostsApi.ListHosts().q(name).limit(limit).after(after)),
                HostPage::items,
                HostPage::next);
        return named(alike, Host::name, Host::hostId, "hosts", "host", name);
    }

    /** Its id; one that is given is taken as it is. So with the others. */
    String host(String nameOrId) {
        return isId(nameOrId) ? nameOrId : hostNamed(nameOrId).hostId();
    }

    String deployment(String nameOrId) {
        if (isId(nameOrId)) {
            return nameOrId;
        }
        Pages<?, Deployment> all = Pages.of(
                (limit, after) -> deployments()
                        .listDeployments(new DeploymentsApi.ListDeployments()
                                .limit(limit)
                                .after(after)),
                DeploymentPage::items,
                DeploymentPage::next);
        return named(all, Deployment::name, Deployment::deploymentId, "deployments", "deployment", nameOrId)
                .deploymentId();
    }

    Pages<?, LicenseServerSummary> allLicenseServers() {
        return Pages.of(
                (limit, after) -> licenseServers()
                        .listLicenseServers(new LicenseServersApi.ListLicenseServers()
                                .limit(limit)
                                .after(after)),
                LicenseServerSummaryPage::items,
                LicenseServerSummaryPage::next);
    }

    String licenseServer(String nameOrId) {
        if (isId(nameOrId)) {
            return nameOrId;
        }
        return named(
                        allLicenseServers(),
                        LicenseServerSummary::name,
                        LicenseServerSummary::licenseServerId,
                        "license-servers",
                        "license server",
                        nameOrId)
                .licenseServerId();
    }

    Pages<?, Agent> allAgents() {
        return Pages.of(
                (limit, after) -> agents().listAgents(
                                new AgentsApi.ListAgents().limit(limit).after(after)),
                AgentPage::items,
                AgentPage::next);
    }

    String agent(String nameOrId) {
        if (isId(nameOrId)) {
            return nameOrId;
        }
        return named(allAgents(), Agent::name, Agent::agentId, "agents", "agent", nameOrId)
                .agentId();
    }

    static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String likeness(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
