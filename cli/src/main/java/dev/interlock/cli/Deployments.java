package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        return desk.list(
                Service.INVENTORY,
                "/deployments",
                new Api.Query().with("product", product),
                limit,
                column("NAME", "/name"),
                column("PRODUCT", "/product"),
                column("MEMBERS", "/members/*/host"),
                column("ID", "/deploymentId"));
    }

    @Command(description = "Shows a deployment and its members.")
    int show(@Parameters(paramLabel = "DEPLOYMENT", description = "Name or id.") String deployment) {
        return desk.show(desk.api(Service.INVENTORY).get("/deployments/" + desk.deployment(deployment)));
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
        ObjectNode body = Desk.body().put("name", name).put("product", product);
        var list = body.putArray("members");
        for (String member : members) {
            int sign = member.indexOf('=');
            String host = sign < 0 ? member : member.substring(0, sign);
            list.addObject().put("host", host).put("role", sign < 0 ? "node" : member.substring(sign + 1));
        }
        ObjectNode all = body.putObject("settings");
        if (settings != null) {
            settings.forEach(all::put);
        }
        JsonNode created = desk.api(Service.INVENTORY).create("/deployments", body);
        return desk.done(
                "Registered " + name + " with " + members.size() + " members (" + Desk.id(created) + ").", created);
    }

    @Command(description = "Takes a deployment out of the inventory; its hosts stay.")
    int retire(
            @Parameters(paramLabel = "DEPLOYMENT", description = "Name or id.") String deployment,
            @Option(names = "--reason", required = true) String reason) {
        JsonNode answer = desk.api(Service.INVENTORY)
                .post("/deployments/" + desk.deployment(deployment) + "/retirement", Desk.reason(reason));
        return desk.done("Retired " + deployment + ".", answer);
    }
}
