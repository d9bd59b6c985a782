package dev.interlock.upgrade;

import dev.interlock.platform.service.ServiceRunner;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** Releases, plans, approvals, runs. */
public final class UpgradeService {
    private UpgradeService() {}

    public static ApplicationContext start(Map<String, Object> overrides) {
        return ServiceRunner.start("upgrade", UpgradeService.class, overrides);
    }

    public static void main(String... args) {
        ServiceRunner.main("upgrade", UpgradeService.class, args);
    }
}
