package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "license-servers", description = "License servers.")
final class LicenseServers {

    private final Desk desk;

    LicenseServers(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists license servers.")
    int list(@Mixin Limit limit) {
        return desk.list(
                Service.LICENSE,
                "/license-servers",
                new Api.Query(),
                limit,
                column("NAME", "/name"),
                column("KIND", "/kind"),
                column("ADDRESS", "/address"),
                column("REGISTERED", "/registeredAt"),
                column("ID", "/licenseServerId"));
    }

    @Command(description = "Shows a license server and what is active on it.")
    int show(@Parameters(paramLabel = "SERVER", description = "Name or id.") String server) {
        return desk.show(desk.api(Service.LICENSE).get("/license-servers/" + desk.licenseServer(server)));
    }

    @Command(description = "Registers a license server.")
    int register(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--kind", defaultValue = "native", description = "native (default): counted by Interlock.")
                    String kind,
            @Option(names = "--address", description = "Where agents reach it.") @Nullable String address) {
        ObjectNode body = Desk.body().put("name", name).put("kind", kind);
        if (address != null) {
            body.put("address", address);
        }
        JsonNode created = desk.api(Service.LICENSE).create("/license-servers", body);
        return desk.done("Registered " + name + " (" + Desk.id(created) + ").", created);
    }
}
