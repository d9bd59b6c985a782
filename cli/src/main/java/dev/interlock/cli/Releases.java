package dev.interlock.cli;

import static dev.interlock.cli.Table.column;

import dev.interlock.client.upgrade.NewRelease;
import dev.interlock.client.upgrade.Product;
import dev.interlock.client.upgrade.Release;
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
        desk.output()
                .list(
                        desk.products().listReleases(product).value().items(),
                        false,
                        column("VERSION", Release::version),
                        column("REPOSITORY", Release::repository),
                        column("OWN VERSIONS", Release::packages),
                        column("ASSUMED", Release::assumed),
                        column("NOTE", Release::note));
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
        var release = new NewRelease()
                .withVersion(version)
                .withRepository(repository)
                .withPackages(packages)
                .withNote(note);
        return desk.done(
                "Added " + product + " " + version + ".",
                desk.products().registerRelease(product, release).json());
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
                            desk.products().listProducts().value().items(),
                            false,
                            column("PRODUCT", Product::id),
                            column("TITLE", Product::title),
                            column("UPGRADABLE", Product::upgradable));
            return 0;
        }
    }
}
