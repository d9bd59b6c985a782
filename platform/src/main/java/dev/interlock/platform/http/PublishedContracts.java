package dev.interlock.platform.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.io.ResourceLoader;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * What the product publishes to Kafka, machine-readable: the same AsyncAPI 3 document and JSON Schemas from each service.
 * The build of {@code contracts} writes them.
 */
@Controller
@MayView
@Hidden
public class PublishedContracts {

    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9]+(\\.[A-Za-z0-9]+)+");

    private final ResourceLoader resources;

    public PublishedContracts(ResourceLoader resources) {
        this.resources = resources;
    }

    @Get("/asyncapi.yaml")
    @Produces("application/yaml")
    public byte[] asyncApi() {
        return read("classpath:contracts/asyncapi.yaml", "document", "asyncapi.yaml");
    }

    /** @param file an event's type name, then {@code .json} */
    @Get("/schemas/{file}")
    @Produces("application/schema+json")
    public byte[] schema(String file) {
        if (!TYPE.matcher(file).matches()) {
            throw absent("schema", file);
        }
        return read("classpath:contracts/schemas/" + file, "schema", file);
    }

    private byte[] read(String path, String what, String name) {
        try (InputStream in = resources.getResourceAsStream(path).orElseThrow(() -> absent(what, name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException absent(String what, String name) {
        return new ProblemException(Problem.notFound(what, name)
                .next("Take the type's name from /asyncapi.yaml, for example"
                        + " /schemas/dev.interlock.inventory.HostDiscovered.v1.json."));
    }
}
