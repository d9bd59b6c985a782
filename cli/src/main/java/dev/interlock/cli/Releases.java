package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "releases", description = "Releases of products that can be planned.")
final class Releases {

    private final Desk desk;

    Releases(Desk desk) {
        this.desk = desk;
    }

    @Command(description = "Lists a product's releases.")
    int list(@Parameters(paramLabel = "PRODUCT") String product) {
        JsonNode answer = desk.api(Service.UPGRADE).get("/products/" + Api.encode(product) + "/releases");
        desk.output()
                .list(
                        items(answer),
                        false,
                        column("VERSION", "/version"),
                        column("REPOSITORY", "/repository|/repositoryUrl"),
                        column("RELEASED", "/releasedAt|/releasedOn"),
                        column("NOTES", "/notes"));
        return 0;
    }

    @Command(description = "Makes a release known, so that upgrades to it can be planned.")
    int add(
            @Parameters(paramLabel = "PRODUCT") String product,
            @Parameters(paramLabel = "VERSION") String version,
            @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A further field of the release.")
                    @Nullable
                    Map<String, String> fields,
            @Option(names = "--file", description = "The release's fields as a JSON file.") @Nullable Path file)
            throws IOException {
        ObjectNode body = Desk.body();
        if (file != null) {
            JsonNode read = Api.JSON.readTree(
                    Files.readString(desk.terminal().directory().resolve(file)));
            if (!(read instanceof ObjectNode object)) {
                throw Failure.usage(file + " holds no JSON object.");
            }
            body = object;
        }
        body.put("version", version);
        if (fields != null) {
            fields.forEach(body::put);
        }
        return desk.done(
                "Added " + product + " " + version + ".",
                desk.api(Service.UPGRADE).create("/products/" + Api.encode(product) + "/releases", body));
    }

    static List<JsonNode> items(JsonNode answer) {
        var items = new ArrayList<JsonNode>();
        (answer.isArray() ? answer : answer.path("items")).forEach(items::add);
        return items;
    }

    /** {@code interlock products}. */
    @Command(name = "products", description = "Products that Interlock can upgrade.")
    static final class Products {
        private final Desk desk;

        Products(Desk desk) {
            this.desk = desk;
        }

        @Command(description = "Lists products.")
        int list() {
            desk.output()
                    .list(
                            items(desk.api(Service.UPGRADE).get("/products")),
                            false,
                            column("PRODUCT", "/product|/name|/id"),
                            column("TITLE", "/title|/description"),
                            column("VARIANTS", "/variants"),
                            column("LATEST", "/latest|/latestVersion"));
            return 0;
        }
    }
}
