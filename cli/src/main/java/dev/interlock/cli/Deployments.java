package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.Pages;
import dev.interlock.client.inventory.Deployment;
import dev.interlock.client.inventory.DeploymentBody;
import dev.interlock.client.inventory.DeploymentPage;
import dev.interlock.client.inventory.DeploymentsApi;
import dev.interlock.client.inventory.Member;
import dev.interlock.client.inventory.MemberBody;
import dev.interlock.client.inventory.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deployments", description = "Deployments: hosts that make up one product together.")
final class Deployments {

    private final Desk desk;

    Deployments(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists deployments.")
    int list(
            @Option(names = "--product", description = "Only of this product.") @Nullable String product,
            @Mixin Limit limit) {
        var wanted = new DeploymentsApi.ListDeployments().product(product);
        return desk.list(
                Pages.of(
                        (size, after) -> desk.deployments()
                                .listDeployments(wanted.limit(size).after(after)),
                        DeploymentPage::items,
                        DeploymentPage::next),
                limit,
                column("NAME", Deployment::name),
                column("PRODUCT", Deployment::product),
                column(
                        "MEMBERS",
                        each -> each.members().stream().map(Member::host).toList()),
                column("ID", Deployment::deploymentId));
    }

    @Command(description = "Shows a deployment and its members.")
    int show(@Parameters(paramLabel = "DEPLOYMENT", description = "Name or id.") String deployment) {
        return desk.show(
                desk.deployments().showDeployment(desk.deployment(deployment)).json());
    }

    @Command(description = "Registers a deployment.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--product", required = true, description = "For example keeper-connection-manager.")
                    String product,
            @Option(
                            names = "--member",
                            required = true,
                            paramLabel = "HOST[=ROLE]",
                            description = "A host by name or id, and its role (default node). Give it once for each.")
                    List<String> members,
            @Option(names = "--setting", paramLabel = "KEY=VALUE", description = "Never a secret.") @Nullable
                    Map<String, String> settings) {
        var list = new ArrayList<MemberBody>();
        for (String member : members) {
            int sign = member.indexOf('=');
            String host = sign < 0 ? member : member.substring(0, sign);
            list.add(new MemberBody().withHost(host).withRole(sign < 0 ? "node" : member.substring(sign + 1)));
        }
        var deployment = new DeploymentBody()
                .withName(name)
                .withProduct(product)
                .withMembers(list)
                .withSettings(settings == null ? Map.of() : settings);
        var created = desk.deployments().registerDeployment(deployment);
        return desk.done(
                "Registered " + name + " with " + members.size() + " members ("
                        + created.value().deploymentId() + ").",
                created.json());
    }

    @Command(description = "Takes a deployment out of the inventory; its hosts stay.")
    int retire(
            @Parameters(paramLabel = "DEPLOYMENT", description = "Name or id.") String deployment,
            @Option(names = "--reason", required = true) String reason) {
        var answer = desk.deployments().retireDeployment(desk.deployment(deployment), new Reason().withReason(reason));
        return desk.done("Retired " + deployment + ".", answer.json());
    }
}
