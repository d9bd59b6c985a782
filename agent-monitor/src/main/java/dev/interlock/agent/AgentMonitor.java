package dev.interlock.agent;

import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** The service as a process, or as one context among others. */
public final class AgentMonitor {
    private AgentMonitor() {}

    public static ApplicationContext start(Map<String, Object> overrides) {
        return ServiceRunner.start("agent", AgentMonitor.class, overrides);
    }

    public static void main(String... args) {
        ServiceRunner.main("agent", AgentMonitor.class, args);
    }
}
