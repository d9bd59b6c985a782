package dev.interlock.license.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code interlock.license.*}.
 *
 * @param lowPercent PoolLow is told when at most this share of a pool on a server is free
 * @param expiryNotices PoolExpiring is told this many days before a pool expires
 * @param sessionMaxAge a session older than this is released, for agents that never say goodbye; null: never
 * @param sessionHistory how long an ended session stays in the table, and so how long its id is remembered; refusals are
 *     counted for as long
 * @param authorities public keys of the authorities whose answers are applied, as {@code interlock authority init} prints them
 * @param authoritiesDir folder of such keys, each in a file {@code <name>.pub}; read anew for each answer, so that a key that
 *     is put there counts at once
 */
@ConfigurationProperties("interlock.license")
public record LicenseSettings(
        @Bindable(defaultValue = "10") @Min(1) @Max(99) int lowPercent,
        @Bindable(defaultValue = "30,7,1") @NotNull List<Integer> expiryNotices,
        @Nullable Duration sessionMaxAge,
        @Bindable(defaultValue = "30d") @NotNull Duration sessionHistory,
        @Nullable List<String> authorities,
        @Nullable String authoritiesDir) {}
