package dev.interlock.edge;

import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** The service as a process, or as one context among others. */
public final class Edge {
    private Edge() {}

    public static ApplicationContext start(Map<String, Object> overrides) {
        return ServiceRunner.start("edge", Edge.class, overrides);
    }

    public static void main(String... args) {
        ServiceRunner.main("edge", Edge.class, args);
    }
}
