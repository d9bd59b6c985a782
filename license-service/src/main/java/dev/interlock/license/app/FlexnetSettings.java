package dev.interlock.license.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * {@code interlock.license.flexnet.*}.
 *
 * @param healthEvery how often a license server is asked for its health
 * @param timeout for one answer of its REST API
 * @param commandTimeout for one command on its machine
 * @param user its administrator
 * @param activate names of the command for off-line activation, the first that is there is used
 * @param machineId the same for the one that shows the VM UUID
 * @param zone in which its commands show times: assumed, the vendor does not say
 * @param processedBefore what it says of an answer that it was given before: assumed
 */
@ConfigurationProperties("interlock.license.flexnet")
public record FlexnetSettings(
        @Bindable(defaultValue = "15s") @NotNull Duration healthEvery,
        @Bindable(defaultValue = "5s") @NotNull Duration timeout,
        @Bindable(defaultValue = "60s") @NotNull Duration commandTimeout,
        @Bindable(defaultValue = "admin") @NotNull String user,

        @Bindable(defaultValue = "pcoip-activate-offline-license,pcoip-activate-license") @NotNull
        List<String> activate,

        @Bindable(defaultValue = "pcoip-get-license-server-id") @NotNull
        List<String> machineId,

        @Bindable(defaultValue = "UTC") @NotNull ZoneId zone,

        @Bindable(defaultValue = "processed already") @NotNull
        String processedBefore) {}
