package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
                        column("REPOSITORY", "/repository"),
                        column("OWN VERSIONS", "/packages"),
                        column("ASSUMED", "/assumed"),
                        column("NOTE", "/note"));
        return 0;
    }

    @Command(description = "Makes a release known, so that upgrades to it can be planned.")
    int add(
            @Parameters(paramLabel = "PRODUCT") String product,
            @Parameters(paramLabel = "VERSION") String version,
            @Option(
                            names = "--repository",
                            required = true,
                            description =
                                    "Which of the vendor's repositories it is in; another one is another major line (K2).")
                    String repository,
            @Option(
                            names = "--package",
                            paramLabel = "NAME=VERSION",
                            description = "A package whose version is not the release's own.")
                    @Nullable
                    Map<String, String> packages,
            @Option(names = "--note") @Nullable String note) {
        ObjectNode body = Desk.body().put("version", version).put("repository", repository);
        if (packages != null) {
            packages.forEach(body.putObject("packages")::put);
        }
        if (note != null) {
            body.put("note", note);
        }
        return desk.done(
                "Added " + product + " " + version + ".",
                desk.api(Service.UPGRADE).create("/products/" + Api.encode(product) + "/releases", body));
    }

    static List<JsonNode> items(JsonNode answer) {
        return Output.all(answer.path("items"));
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
                            column("PRODUCT", "/id"),
                            column("TITLE", "/title"),
                            column("UPGRADABLE", "/upgradable"));
            return 0;
        }
    }
}
