package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayView;
import dev.interlock.upgrade.app.Releases;
import dev.interlock.upgrade.domain.Procedures;
import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Release;
import dev.interlock.upgrade.domain.Version;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Products and the releases of them that Interlock knows. */
@Controller("/api/v1/products")
@Tag(name = "products")
class ProductsController {
    private final Releases releases;
    private final Procedures procedures;
    private final Idempotency idempotency;
    private final CurrentActor actor;
    private final Clock clock;

    ProductsController(
            Releases releases, Procedures procedures, Idempotency idempotency, CurrentActor actor, Clock clock) {
        this.releases = releases;
        this.procedures = procedures;
        this.idempotency = idempotency;
        this.actor = actor;
        this.clock = clock;
    }

    @Get
    @MayView
    @Operation(
            operationId = "listProducts",
            summary = "List products",
            description = "upgradable: there is a procedure for it.")
    Page<ProductView> list() {
        return new Page<>(
                Arrays.stream(Product.values())
                        .map(p -> new ProductView(
                                p.id(), p.title(), procedures.of(p).isPresent()))
                        .toList(),
                null);
    }

    @Get("/{product}/releases")
    @MayView
    @Operation(operationId = "listReleases", summary = "List the known releases of a product, oldest first")
    Page<ReleaseView> releases(@PathVariable String product) {
        return new Page<>(
                releases.of(find(product)).stream().map(ReleaseView::of).toList(), null);
    }

    @Post("/{product}/releases")
    @MayOperate
    @Audited("release.register")
    @Operation(operationId = "registerRelease", summary = "Register a release that the vendor has published")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = ReleaseView.class)))
    HttpResponse<?> register(@PathVariable String product, @Body @Valid NewRelease body, HttpRequest<?> request) {
        Product of = find(product);
        return idempotency.once(request, body, () -> {
            var release = new Release(
                    of,
                    new Version(body.version()),
                    body.repository(),
                    body.packages() == null ? Map.of() : body.packages(),
                    false,
                    body.note() == null ? "" : body.note());
            if (!releases.add(release, actor.get().name(), clock.instant())) {
                throw ProblemException.conflict(
                        "release-exists",
                        "The release is known",
                        product + " " + body.version() + " is registered already.",
                        "Nothing needs to be done.");
            }
            return HttpResponse.created(
                    ReleaseView.of(release), URI.create("/api/v1/products/" + product + "/releases"));
        });
    }

    private static Product find(String id) {
        return Product.of(id).orElseThrow(() -> ProblemException.notFound("product", id));
    }

    @Introspected
    record ProductView(String id, String title, boolean upgradable) {}

    /**
     * @param repository two releases with another repository are two major lines (K2)
     * @param packages packages whose version is not the release's own
     * @param assumed not read in a vendor's document
     */
    @Introspected
    record ReleaseView(String version, String repository, Map<String, String> packages, boolean assumed, String note) {
        static ReleaseView of(Release r) {
            return new ReleaseView(r.version().text(), r.repository(), r.packages(), r.assumed(), r.note());
        }
    }

    @Introspected
    record NewRelease(
            @NotBlank @Pattern(regexp = "\\d{1,9}(\\.\\d{1,9}){0,5}")
            String version,

            @NotBlank @Size(max = 200) String repository,
            @Nullable @Size(max = 200) Map<String, String> packages,
            @Nullable @Size(max = 500) String note) {}
}
