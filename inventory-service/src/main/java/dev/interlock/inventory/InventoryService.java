package dev.interlock.inventory;

import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import java.util.Map;

/** The service as a process, or as one context among others. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Interlock inventory",
                        version = "1",
                        description = "Hosts, what is known of them, and the deployments they make up."))
public final class InventoryService {
    private InventoryService() {}

    public static ApplicationContext start(Map<String, Object> overrides) {
        return ServiceRunner.start("inventory", InventoryService.class, overrides);
    }

    public static void main(String... args) {
        ServiceRunner.main("inventory", InventoryService.class, args);
    }
}
