package dev.interlock.license;

import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** The service as a process, or as one context among others. */
public final class LicenseService {
    private LicenseService() {}

    public static ApplicationContext start(Map<String, Object> overrides) {
        return ServiceRunner.start("license", LicenseService.class, overrides);
    }

    public static void main(String... args) {
        ServiceRunner.main("license", LicenseService.class, args);
    }
}
