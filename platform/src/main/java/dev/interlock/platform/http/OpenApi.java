package dev.interlock.platform.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayView;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.io.ResourceLoader;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/** The published OpenAPI documents, which are held against the controllers: the service's own, and the platform's with what all have. */
@Controller("/openapi")
@MayView
@Hidden
class OpenApi {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final ResourceLoader resources;
    private final String service;

    OpenApi(ResourceLoader resources, @Property(name = "micronaut.application.name") String service) {
        this.resources = resources;
        this.service = service;
    }

    /** This service's document. */
    @Get
    @Produces("application/yaml")
    byte[] own() {
        return read(service);
    }

    /** {@code /openapi/<service>.yml} is this service's document, {@code /openapi/platform.yml} has what every service serves. */
    @Get("/{name}.yml")
    @Produces("application/yaml")
    byte[] named(String name) {
        return read(name);
    }

    private byte[] read(String name) {
        if (!NAME.matcher(name).matches() || !(name.equals(service) || name.equals("platform"))) {
            throw absent(name);
        }
        try (var in = resources
                .getResourceAsStream("classpath:contracts/openapi/" + name + ".yml")
                .orElseThrow(() -> absent(name))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private ProblemException absent(String name) {
        return new ProblemException(Problem.notFound("OpenAPI document", name)
                .next("There are /openapi/" + service + ".yml and /openapi/platform.yml."));
    }
}
