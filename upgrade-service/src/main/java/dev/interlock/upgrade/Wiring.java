package dev.interlock.upgrade;

import dev.interlock.upgrade.domain.IgelUmsHighAvailability;
import dev.interlock.upgrade.domain.KeeperConnectionManager;
import dev.interlock.upgrade.domain.PcoipLicenseServer;
import dev.interlock.upgrade.domain.Procedures;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Factory;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;

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

    /**
     * See {@link IgelUmsHighAvailability.Settings}. What IGEL does not document is assumed: the installation types, what is below
     * {@code home}, the free space.
     */
    @ConfigurationProperties("interlock.upgrade.ums")
    record UmsSettings(
            @Bindable(defaultValue = "1m") Duration clocksApart,
            @Bindable(defaultValue = "3m") Duration checkMax,
            @Bindable(defaultValue = "3m") Duration serviceMax,
            @Bindable(defaultValue = "5m") Duration backupExpected,
            @Bindable(defaultValue = "2h") Duration backupMax,
            @Bindable(defaultValue = "20m") Duration enterMax,
            @Bindable(defaultValue = "10m") Duration installExpected,
            @Bindable(defaultValue = "5m") Duration componentExpected,
            @Bindable(defaultValue = "1h") Duration installMax,
            @Bindable(defaultValue = "60s") Duration stopPatience,
            @Bindable(defaultValue = "5m") Duration renewPatience,
            @Bindable(defaultValue = "10m") Duration reconnectPatience,
            @Bindable(defaultValue = "3m") Duration answerPatience,
            @Bindable(defaultValue = "2048") @Min(0) long minFreeMebibytes,

            @Bindable(defaultValue = "/opt/IGEL/RemoteManager")
            String home,

            @Bindable(defaultValue = "https://127.0.0.1:8443")
            String url,

            @Bindable(defaultValue = "/root/setup-igel-ums-linux_{version}.bin")
            String installer,

            @Bindable(defaultValue = "ha-server") String typeServer,

            @Bindable(defaultValue = "ha-server-load-balancer")
            String typeServerWithLoadBalancer,

            @Bindable(defaultValue = "ha-load-balancer") String typeLoadBalancer,
            @Bindable(defaultValue = "console") String typeConsole,

            @Bindable(defaultValue = "/var/lib/interlock/backups")
            String backupFolder) {}

    @Bean
    @Singleton
    IgelUmsHighAvailability ums(UmsSettings u) {
        return new IgelUmsHighAvailability(new IgelUmsHighAvailability.Settings(
                u.clocksApart(),
                u.checkMax(),
                u.serviceMax(),
                u.backupExpected(),
                u.backupMax(),
                u.enterMax(),
                u.installExpected(),
                u.componentExpected(),
                u.installMax(),
                u.stopPatience(),
                u.renewPatience(),
                u.reconnectPatience(),
                u.answerPatience(),
                u.minFreeMebibytes(),
                u.home(),
                u.url(),
                u.installer(),
                Map.of(
                        "server",
                        u.typeServer(),
                        "server+load-balancer",
                        u.typeServerWithLoadBalancer(),
                        "load-balancer",
                        u.typeLoadBalancer(),
                        "console",
                        u.typeConsole()),
                u.backupFolder()));
    }

    /** See {@link PcoipLicenseServer.Settings}. */
    @ConfigurationProperties("interlock.upgrade.license-server")
    record LicenseServerSettings(
            @Bindable(defaultValue = "pcoip-license-server") String credential,

            @Bindable(defaultValue = "500") @Min(0) long minFreeMebibytes,
            @Bindable(defaultValue = "3815") @Min(0) long minMemoryMebibytes,
            @Bindable(defaultValue = "60s") Duration checkMax,
            @Bindable(defaultValue = "30s") Duration lockWait,
            @Bindable(defaultValue = "2m") Duration installExpected,
            @Bindable(defaultValue = "10m") Duration offlineInstallExpected,
            @Bindable(defaultValue = "15m") Duration installMax,
            @Bindable(defaultValue = "3m") Duration startPatience,
            @Bindable(defaultValue = "10m") Duration offlinePatience,

            @Bindable(defaultValue = "/var/lib/interlock/rpms")
            String carriedFolder) {
        PcoipLicenseServer.Settings settings() {
            return new PcoipLicenseServer.Settings(
                    credential,
                    minFreeMebibytes,
                    minMemoryMebibytes,
                    checkMax,
                    lockWait,
                    installExpected,
                    offlineInstallExpected,
                    installMax,
                    startPatience,
                    offlinePatience,
                    carriedFolder);
        }
    }

    @Bean
    @Singleton
    Procedures procedures(KeeperSettings k, IgelUmsHighAvailability ums, LicenseServerSettings licenseServer) {
        var urls = new java.util.HashMap<String, String>();
        if (!k.guacamoleVersionUrl().isBlank()) {
            urls.put("guacamole", k.guacamoleVersionUrl());
            urls.put("tomcat", k.guacamoleVersionUrl());
        }
        if (!k.guacdVersionUrl().isBlank()) {
            urls.put("guacd", k.guacdVersionUrl());
        }
        return new Procedures(
                new KeeperConnectionManager(new KeeperConnectionManager.Settings(
                        k.checkMax(),
                        k.serviceMax(),
                        k.installExpected(),
                        k.installMax(),
                        k.lockWait(),
                        k.settle(),
                        k.minFreeMebibytes(),
                        urls)),
                ums,
                new PcoipLicenseServer(licenseServer.settings()));
    }
}
