package dev.interlock.license.adapter.flexnet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.app.FlexnetServers;
import dev.interlock.license.app.ServerTrouble;
import dev.interlock.license.app.ServerTrouble.Kind;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.HealthReading;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LogReading;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Both doors of a license server: REST to read, SSH to drive. */
@Singleton
final class FlexnetLicenseServers implements FlexnetServers {
    private final FlexnetRest rest;
    private final FlexnetCommands commands;
    private final Administrators administrators;

    FlexnetLicenseServers(FlexnetRest rest, FlexnetCommands commands, Administrators administrators) {
        this.rest = rest;
        this.commands = commands;
        this.administrators = administrators;
    }

    @Override
    public HealthReading health(LicenseServer server) {
        return rest.health(server);
    }

    @Override
    public Optional<LogReading> log(LicenseServer server) {
        return commands.log(server);
    }

    @Override
    public List<Feature> features(LicenseServer server) {
        var features = new ArrayList<Feature>();
        for (JsonNode feature : rest.get(server, "/api/1.0/instances/~/features")) {
            features.add(new Feature(
                    feature.path("featureName").asText(),
                    feature.path("featureCount").asInt(),
                    feature.path("used").asInt(),
                    feature.path("expiry").asText()));
        }
        return features;
    }

    @Override
    public String machineId(LicenseServer server) {
        var ids = rest.get(server, "/api/1.0/hostids").path("hostids");
        for (JsonNode id : ids) {
            if (id.path("type").asText().equals("VM_UUID")) {
                return id.path("value").asText();
            }
        }
        if (ids.isEmpty()) {
            throw new ServerTrouble(
                    Kind.REFUSED,
                    server.name() + " names no host id.",
                    "Run pcoip-get-license-server-id on its machine.");
        }
        return ids.path(0).path("value").asText();
    }

    @Override
    public Written request(LicenseServer server, ActivationCode code, int total) {
        return commands.request(server, code, total);
    }

    @Override
    public Reading read(LicenseServer server, byte[] response) {
        return commands.read(server, response);
    }

    @Override
    public Processing process(LicenseServer server, byte[] response) {
        return commands.process(server, response);
    }

    @Override
    public List<String> passwordFlaws(LicenseServer server) {
        return administrators.flaws(server);
    }

    @Override
    public boolean letInWithInitialPassword(LicenseServer server) {
        return administrators.letInWithInitialPassword(server);
    }
}
