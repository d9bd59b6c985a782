package dev.interlock.upgrade;

import dev.interlock.upgrade.domain.KeeperConnectionManager;
import dev.interlock.upgrade.domain.Procedures;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Factory;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Gives the domain what an enterprise has set. */
@Factory
final class Wiring {
    /**
     * See {@link KeeperConnectionManager.Settings}.
     *
     * @param guacamoleVersionUrl empty: not asked [assumed: the real product has no such page, the test hosts do]
     * @param guacdVersionUrl the same
     */
    @ConfigurationProperties("interlock.upgrade.keeper")
    record KeeperSettings(
            @Bindable(defaultValue = "60s") Duration checkMax,
            @Bindable(defaultValue = "2m") Duration serviceMax,
            @Bindable(defaultValue = "2m") Duration installExpected,
            @Bindable(defaultValue = "15m") Duration installMax,
            @Bindable(defaultValue = "30s") Duration lockWait,
            @Bindable(defaultValue = "1500ms") Duration settle,
            @Bindable(defaultValue = "64") @Min(0) long minFreeMebibytes,

            @Bindable(defaultValue = "http://127.0.0.1:8080/version")
            String guacamoleVersionUrl,

            @Bindable(defaultValue = "http://127.0.0.1:4822/version")
            String guacdVersionUrl) {}

    @Bean
    @Singleton
    Procedures procedures(KeeperSettings k) {
        var urls = new java.util.HashMap<String, String>();
        if (!k.guacamoleVersionUrl().isBlank()) {
            urls.put("guacamole", k.guacamoleVersionUrl());
            urls.put("tomcat", k.guacamoleVersionUrl());
        }
        if (!k.guacdVersionUrl().isBlank()) {
            urls.put("guacd", k.guacdVersionUrl());
        }
        return new Procedures(new KeeperConnectionManager(new KeeperConnectionManager.Settings(
                k.checkMax(),
                k.serviceMax(),
                k.installExpected(),
                k.installMax(),
                k.lockWait(),
                k.settle(),
                k.minFreeMebibytes(),
                urls)));
    }
}
